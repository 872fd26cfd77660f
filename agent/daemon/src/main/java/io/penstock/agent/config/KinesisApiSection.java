package io.penstock.agent.config;

import java.util.List;

/**
 * {@code kinesis-api:}
 *
 * @param listen where PutRecord and PutRecords of any AWS SDK come in; empty, the default, switches the source off
 * @param ack when a call is answered
 * @param web which web pages and names may reach it
 * @param allowAnonymous whether other machines may put without authentication
 */
public record KinesisApiSection(List<ListenAddress> listen, AckMode ack, WebAccess web, boolean allowAnonymous) {
    public KinesisApiSection {
        listen = List.copyOf(listen);
    }

    static KinesisApiSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        return new KinesisApiSection(
                Listeners.several(section, List.of(), anonymous),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                WebAccess.read(section),
                anonymous);
    }
}
