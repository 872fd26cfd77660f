package io.penstock.engine.watch;

/** What an engine watches of its streams. */
public record Watch(Traffic traffic, Readers readers) {}
