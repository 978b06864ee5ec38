"""The fold: events in, advice out, replayable; and the handover."""
