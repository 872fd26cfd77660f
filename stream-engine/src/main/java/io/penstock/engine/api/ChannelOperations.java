package io.penstock.engine.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.stream.Channel;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamStatus;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Channels: their configuration is validated, kept and returned. Nothing is delivered, and every description says so.
 * Stateless, thread-safe.
 */
final class ChannelOperations {
    private static final int MOST_LISTED = 100;
    private static final String LIST = "channels";
    private static final String S3 = "S3DestinationConfiguration";
    private static final String TABLES = "S3TablesDestinationConfiguration";
    private static final String LOGGING = "LoggingConfiguration";
    private static final String FRESHNESS = "DataFreshnessInSeconds";

    private final Context context;

    ChannelOperations(Context context) {
        this.context = context;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.CREATE_CHANNEL, this::create);
        operations.put(KinesisModel.UPDATE_CHANNEL, this::update);
        operations.put(KinesisModel.DELETE_CHANNEL, this::delete);
        operations.put(KinesisModel.DESCRIBE_CHANNEL, this::describe);
        operations.put(KinesisModel.LIST_CHANNELS, this::list);
    }

    private byte[] create(Input input, Codec codec) throws IOException {
        boolean tables = input.has(TABLES);
        if (tables == input.has(S3)) {
            throw ServiceException.invalidArgument("Either " + S3 + " or " + TABLES + " must be given, but not both.");
        }
        Input source = input.structures("StreamConfigurationList").get(0);
        requireFormat(source.structure("RecordConfiguration"), tables);
        requireOwnKey(input);
        Map<String, String> tags = input.textMap("Tags");
        TagOperations.check(tags);
        LiveStream stream = context.names()
                .require(input.scope(), Optional.empty(), source.optionalText("StreamARN"), Optional.empty());
        requireFit(stream);
        String name = input.text("ChannelName");
        String id = context.streams().newId();
        Channel.Configuration configuration = new Channel.Configuration(
                input.text("ServiceExecutionRoleARN"),
                input.modelled("StreamConfigurationList").get(0).get("RecordConfiguration"),
                tables,
                ChannelDefaults.destination(input.modelled(tables ? TABLES : S3), tables, name, id),
                input.modelled("EncryptionConfiguration"),
                ChannelDefaults.logging(input.modelled(LOGGING), name, id));
        Channel channel = new Channel(
                input.scope(),
                name,
                id,
                stream.meta().id(),
                Math.max(0, context.clock().date()),
                StreamStatus.CREATING,
                context.settlesAt(),
                configuration,
                tags);
        context.channels().add(channel, () -> requireFit(stream));
        return described(channel, StreamStatus.CREATING, codec);
    }

    private void requireFit(LiveStream stream) {
        if (stream.isGone()) {
            throw ServiceException.notFound("Stream " + stream.meta().name() + " under account "
                    + stream.meta().scope().account() + " not found.");
        }
        stream.requireActive(context.clock().millis());
        StreamMode mode = stream.meta().options().mode();
        if (mode != StreamMode.ON_DEMAND) {
            throw ServiceException.invalidArgument(
                    "Channels are only supported for streams in ON_DEMAND mode, and stream "
                            + stream.meta().name() + " is in " + mode + " mode.");
        }
    }

    private static void requireFormat(Input record, boolean tables) {
        String format = record.text("RecordFormatType");
        if (!format.equals("JSON") && tables != format.equals("GSR_JSON")) {
            throw ServiceException.invalidArgument("RecordFormatType " + format + " is not supported for "
                    + (tables ? "streaming table destinations." : "general purpose Amazon S3 destinations."));
        }
        if (tables && !record.has("GSRSchemaARN")) {
            throw ServiceException.invalidArgument(
                    "GSRSchemaARN is required when the channel destination is a streaming table.");
        }
    }

    private static void requireOwnKey(Input input) {
        input.optionalStructure("EncryptionConfiguration")
                .filter(encryption -> encryption.text("KeyId").endsWith("aws/kinesis"))
                .ifPresent(encryption -> {
                    throw ServiceException.invalidArgument(
                            "The Amazon Kinesis Data Streams service key (aws/kinesis) cannot be used for a channel.");
                });
    }

    private byte[] update(Input input, Codec codec) throws IOException {
        boolean destination = input.has(S3) || input.has(TABLES);
        if (!destination && !input.has(LOGGING)) {
            throw ServiceException.invalidArgument(
                    "One of " + S3 + ", " + TABLES + " and " + LOGGING + " must be given.");
        }
        Channel after = context.channels().change(input.text("ChannelARN"), channel -> {
            requireActive(channel);
            Channel.Configuration changed = channel.configuration();
            if (input.has(changed.tables() ? S3 : TABLES)) {
                throw ServiceException.invalidArgument("The destination of channel " + channel.name()
                        + " is configured with " + (changed.tables() ? TABLES : S3) + ".");
            }
            if (destination) {
                ObjectNode described = changed.destination().deepCopy();
                described.put(
                        FRESHNESS,
                        input.structure(changed.tables() ? TABLES : S3).whole(FRESHNESS));
                changed = changed.withDestination(described);
            }
            if (input.has(LOGGING)) {
                changed = changed.withLogging(
                        ChannelDefaults.logging(input.modelled(LOGGING), channel.name(), channel.id()));
            }
            return channel.withConfiguration(changed).withTransition(StreamStatus.UPDATING, context.settlesAt());
        });
        return described(after, StreamStatus.UPDATING, codec);
    }

    private byte[] delete(Input input, Codec codec) throws IOException {
        context.channels().change(input.text("ChannelARN"), channel -> {
            if (channel.status(context.clock().millis()) == StreamStatus.DELETING) {
                throw ServiceException.inUse("Channel " + channel.name() + " is being deleted already.");
            }
            return channel.withTransition(StreamStatus.DELETING, context.settlesAt());
        });
        return Operation.NOTHING;
    }

    private void requireActive(Channel channel) {
        StreamStatus status = channel.status(context.clock().millis());
        if (status != StreamStatus.ACTIVE) {
            throw ServiceException.inUse("Channel " + channel.name() + " not ACTIVE, instead in state " + status + ".");
        }
    }

    private byte[] describe(Input input, Codec codec) {
        Channel channel = context.channels().require(input.text("ChannelARN"));
        return described(channel, channel.status(context.clock().millis()), codec);
    }

    private byte[] described(Channel channel, StreamStatus status, Codec codec) {
        Channel.Configuration configuration = channel.configuration();
        Answer answer = Answer.begin(codec).object("ChannelDescription");
        identity(answer, channel, status);
        answer.text("ServiceExecutionRoleARN", configuration.role())
                .list("StreamConfigurationList")
                .object();
        stream(answer, channel);
        answer.tree("RecordConfiguration", configuration.record())
                .endObject()
                .endList()
                .tree(configuration.tables() ? TABLES : S3, configuration.destination());
        if (configuration.encryption().isObject()) {
            answer.tree("EncryptionConfiguration", configuration.encryption());
        }
        return answer.tree(LOGGING, configuration.logging()).endObject().end();
    }

    private void identity(Answer answer, Channel channel, StreamStatus status) {
        answer.text("ChannelName", channel.name())
                .text("ChannelARN", channel.arn())
                .text("ChannelId", channel.id())
                .text("ChannelStatus", status.name())
                .text("ChannelStatusReason", ChannelDefaults.NOTHING_IS_DELIVERED)
                .time("ChannelCreationTimestamp", channel.createdAt());
    }

    /** A stream is not deleted while it has channels; it may still have failed to open. */
    private void stream(Answer answer, Channel channel) {
        Optional<LiveStream> stream = context.streams().findById(channel.streamId());
        answer.text("StreamARN", stream.map(one -> one.meta().arn()).orElse(""))
                .time(
                        "StreamCreationTimestamp",
                        stream.map(one -> one.meta().createdAt()).orElse(0L));
    }

    private byte[] list(Input input, Codec codec) {
        long now = context.clock().millis();
        Scope scope = input.scope();
        int limit = Math.min(MOST_LISTED, input.optionalWhole("MaxResults").orElse(MOST_LISTED));
        String after = input.optionalToken("NextToken")
                .map(token -> PageToken.decode(token, LIST, now))
                .filter(token -> token.requireSubject(PageToken.subject(scope)))
                .map(PageToken::after)
                .orElse("");
        List<Input> filters = input.structures("StreamFilter");
        List<Channel> rest = context.channels().in(scope).stream()
                .filter(channel -> channel.name().compareTo(after) > 0)
                .filter(channel -> filters.isEmpty() || filters.stream().anyMatch(filter -> accepts(filter, channel)))
                .limit(limit + 1L)
                .toList();
        Answer answer = Answer.begin(codec).list("ChannelSummaries");
        rest.stream().limit(limit).forEach(channel -> {
            answer.object();
            identity(answer, channel, channel.status(now));
            answer.text("ChannelDestinationType", channel.configuration().tables() ? "S3_TABLES" : "S3")
                    .list("Streams")
                    .object();
            stream(answer, channel);
            answer.endObject().endList().endObject();
        });
        answer.endList();
        if (rest.size() > limit) {
            answer.text(
                    "NextToken",
                    new PageToken(
                                    LIST,
                                    PageToken.subject(scope),
                                    rest.get(limit - 1).name(),
                                    now)
                            .encode());
        }
        return answer.end();
    }

    private boolean accepts(Input filter, Channel channel) {
        Optional<LiveStream> stream = context.streams().findById(channel.streamId());
        return stream.filter(one -> one.meta().arn().equals(filter.text("StreamARN")))
                .filter(one -> filter.optionalTime("StreamCreationTimestamp")
                        .map(time -> time / 1000 == one.meta().createdAt() / 1000)
                        .orElse(true))
                .isPresent();
    }
}
