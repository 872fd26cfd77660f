package io.penstock.engine.scope;

/**
 * An account in a region. Streams and channels of different scopes are kept apart; their names are unique within one.
 *
 * @param account twelve digits
 * @param region as in credential scopes and ARNs
 */
public record Scope(String account, String region) {
    /** The ARN of a resource of the scope, which is given as in {@code stream/orders}. */
    public String arn(String resource) {
        return "arn:aws:kinesis:" + region + ":" + account + ":" + resource;
    }
}
