package io.penstock.engine.api;

import io.penstock.engine.stream.Channel;
import io.penstock.engine.stream.Channels;
import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The channel that an ARN names. */
record TaggedChannel(String arn, Channels channels) implements Tagged {
    @Override
    public String label() {
        Channel channel = channels.require(arn);
        return "channel " + channel.name() + " under account " + channel.scope().account();
    }

    @Override
    public Map<String, String> tags() {
        return channels.require(arn).tags();
    }

    @Override
    public void changeTags(UnaryOperator<Map<String, String>> change) throws IOException {
        channels.change(arn, channel -> channel.withTags(change.apply(channel.tags())));
    }
}
