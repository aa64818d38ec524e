"""
Malformed input: what nobody should send, in all the ways that have broken parsers before.

    values      what stands where something else should
    breaking    sound envelopes, broken by a seed
    by_hand     texts that are broken as a whole
    surviving   what is understood goes on: decided, stored, written, sent
    in_batches  through `Evaluate`, beside neighbours that are sound
"""
