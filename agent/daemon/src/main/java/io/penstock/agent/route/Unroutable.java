package io.penstock.agent.route;

/**
 * The event has no stream: what its route's template yields is no stream name, or none that the route allows. The
 * source refuses the event where the client can be told; else the event goes to the dead letters.
 *
 * @param reason what is wrong, in one line, without anything of the payload
 * @param remedy what the client, or the operator, can do
 */
public record Unroutable(String reason, String remedy) implements Routed {
    /** Both in one line. */
    public String text() {
        return reason + ": " + remedy;
    }
}
