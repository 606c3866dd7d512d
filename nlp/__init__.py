"""From a text to events: language, sentences, near-duplicates, triggers, classifier, slots, evaluation."""
