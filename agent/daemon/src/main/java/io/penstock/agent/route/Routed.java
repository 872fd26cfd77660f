package io.penstock.agent.route;

/** What the routes say of an event. */
public sealed interface Routed permits Destination, Unroutable {}
