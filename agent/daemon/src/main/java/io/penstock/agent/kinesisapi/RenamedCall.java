package io.penstock.agent.kinesisapi;

import io.penstock.engine.wire.Codec;
import java.util.List;

/** The body of a call under the name that a route gives to its stream. Stateless. */
final class RenamedCall {
    static final String STREAM_NAME = "StreamName";
    /** Members that hold the stream's name within an ARN. */
    static final List<String> ARNS = List.of("StreamARN", "ConsumerARN", "ResourceARN");

    private RenamedCall() {}

    /** Every other member stays as it is, tags of CBOR included. */
    static byte[] of(byte[] body, Codec codec, String to) {
        return codec.withTexts(
                body,
                (member, value) -> member.equals(STREAM_NAME)
                        ? to
                        : ARNS.contains(member) ? CalledStream.renamed(value, to) : value);
    }
}
