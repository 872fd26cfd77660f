package io.penstock.agent.config;

/** A choice as it is written in the file. */
public interface Keyword {
    String keyword();
}
