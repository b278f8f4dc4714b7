"""What is at fault, what an answer says, by when, how a retest is judged, and how long one may appeal; pure."""
