package io.penstock.delivery.kinesis.pass;

/**
 * A call of another client.
 *
 * @param operation its name in the Kinesis API
 * @param body not to be changed before the answer
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PassedCall(String operation, String contentType, byte[] body) {}
