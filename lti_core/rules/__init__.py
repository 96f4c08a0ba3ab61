"""The rules of every launch, by group. Rules of one message type stand beside its class, in messages/."""
