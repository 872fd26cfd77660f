package io.penstock.agent.http;

/**
 * Takes a body apart into records, a bit at a time: a large body must not keep its event loop from its other
 * connections. Confined to the request's event loop.
 */
interface BodyReader {
    /**
     * Hands on records until {@code budget} bytes of the body have been read, and at least one record.
     *
     * @return whether the body is read to its end
     * @throws Refused when it is not what it is declared to be, naming the place
     */
    boolean advance(int budget) throws Refused;
}
