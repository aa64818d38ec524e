"""
Values that stand for a person's data: they may appear where they belong, and in no log or metric.
"""

USER = "canary-user-1f0c"
EVENT = "canary-event-55ab"
EMAIL = "canary.7d21@mail.example"
PHONE = "+33698417203"
ENDPOINT = "arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/shop/canary-endpoint-90e2"
PROPERTY = "canary-property-b6d4"
NAME = "canary-name-3c8e"
ATTRIBUTE = "canary-attribute-02fa"
WORDS = "canary-words-c417"
SAID = "canary-said-by-the-other-side-8e55"

CANARIES = (USER, EVENT, EMAIL, PHONE, ENDPOINT, PROPERTY, NAME, ATTRIBUTE, WORDS, SAID)
