package io.penstock.engine.junit;

/** How many engines there are. */
public enum EngineLifetime {
    /** One for the tests of a class and of the nested classes in it. */
    CLASS,
    /** One for each test, which so begins with empty streams. */
    METHOD
}
