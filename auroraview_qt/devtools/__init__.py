"""Developer tools: tap, recorder and recordings. No Qt; the inspector gets the class of its widget."""
