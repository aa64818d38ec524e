"""Send this, after that, unless something else happens first.

The story of one send:

1. An app puts an event on the EventBridge bus; the rule hands it to the queue `events`.
2. `evaluate` reads the user's partition, and the pure function `decide` says what follows:
   a campaign starts, so there is a pending send with a due time.
3. One transaction, guarded by the user's `rev`, commits the send. The item is the truth.
4. A timer is set, the alarm clock: SQS up to 15 minutes, EventBridge Scheduler beyond.
5. An exception event before the due time changes the item; the timer is stopped for politeness.
6. The timer rings into the queue `due`. `deliver` asks `decide` again with all that is known now.
7. A conditional write claims the send, so that it is dispatched at most once.
8. The channel makes one request; its answer is marked and recorded with a reason.
9. Every minute `sweep` puts whatever is overdue back into the queue `due`: a lost timer loses
   nothing.
10. What nobody can process goes to the quarantine queue with a reason.
"""
