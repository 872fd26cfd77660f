package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tags of streams and consumers, by the older and the newer operations. Stateless, thread-safe. */
final class TagOperations {
    private static final int MOST_TAGS = 50;
    private static final int DEFAULT_PAGE = 50;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-%@]*");

    private final Context context;

    TagOperations(Context context) {
        this.context = context;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.ADD_TAGS_TO_STREAM, (input, codec) -> add(stream(input), input));
        operations.put(KinesisModel.REMOVE_TAGS_FROM_STREAM, (input, codec) -> remove(stream(input), input));
        operations.put(KinesisModel.LIST_TAGS_FOR_STREAM, this::list);
        operations.put(KinesisModel.TAG_RESOURCE, (input, codec) -> add(tagged(input), input));
        operations.put(KinesisModel.UNTAG_RESOURCE, (input, codec) -> remove(tagged(input), input));
        operations.put(KinesisModel.LIST_TAGS_FOR_RESOURCE, this::listAll);
    }

    private Tagged stream(Input input) {
        return new Resource(context.stream(input), Optional.empty());
    }

    private Tagged tagged(Input input) {
        String arn = input.text("ResourceARN");
        return arn.contains(":channel/") ? new TaggedChannel(arn, context.channels()) : Resource.of(input, context);
    }

    private static byte[] add(Tagged resource, Input input) throws IOException {
        Map<String, String> more = input.textMap("Tags");
        check(more);
        requireLegal(more.keySet(), more.values(), "add tags to ", resource);
        resource.changeTags(tags -> {
            Map<String, String> all = new TreeMap<>(tags);
            all.putAll(more);
            if (all.size() > MOST_TAGS) {
                throw ServiceException.invalidArgument("Failed to add tags to " + resource.label()
                        + " because a given stream cannot have more than " + MOST_TAGS + " tags associated with it.");
            }
            return all;
        });
        return Operation.NOTHING;
    }

    /** The service finds this character invalid only after the others. */
    private static void requireLegal(Collection<String> keys, Collection<String> values, String verb, Tagged resource) {
        if (Stream.concat(keys.stream(), values.stream()).anyMatch(text -> text.contains("%"))) {
            throw ServiceException.invalidArgument("Failed to " + verb + resource.label()
                    + " because some tags contained illegal characters. The allowed characters are Unicode letters,"
                    + " white-spaces, '_',',','/','=','+','-','@'.");
        }
    }

    /** Refuses tags that the service refuses. */
    static void check(Map<String, String> tags) {
        tags.forEach((key, value) -> {
            if (!ALLOWED.matcher(key).matches() || !ALLOWED.matcher(value).matches()) {
                throw ServiceException.invalidArgument("Some tags contain invalid characters. Valid characters: Unicode"
                        + " letters, digits, white space, _ . / = + - % @.");
            }
            if (key.startsWith("aws:")) {
                throw ServiceException.invalidArgument("Tag keys beginning with aws: are reserved.");
            }
        });
    }

    private static byte[] remove(Tagged resource, Input input) throws IOException {
        List<String> keys = input.texts("TagKeys");
        requireLegal(keys, List.of(), "remove tags from ", resource);
        resource.changeTags(tags -> {
            Map<String, String> rest = new TreeMap<>(tags);
            keys.forEach(rest::remove);
            return rest;
        });
        return Operation.NOTHING;
    }

    private byte[] list(Input input, Codec codec) {
        String after = input.optionalText("ExclusiveStartTagKey").orElse("");
        int limit = input.optionalWhole("Limit").orElse(DEFAULT_PAGE);
        TreeMap<String, String> tags = new TreeMap<>(stream(input).tags());
        List<Map.Entry<String, String>> rest =
                new ArrayList<>(tags.tailMap(after, false).entrySet());
        Answer answer = Answer.begin(codec);
        write(answer, rest.subList(0, Math.min(limit, rest.size())));
        return answer.flag("HasMoreTags", rest.size() > limit).end();
    }

    private byte[] listAll(Input input, Codec codec) {
        Answer answer = Answer.begin(codec);
        write(answer, List.copyOf(new TreeMap<>(tagged(input).tags()).entrySet()));
        return answer.end();
    }

    private static void write(Answer answer, List<Map.Entry<String, String>> tags) {
        answer.list("Tags");
        for (Map.Entry<String, String> tag : tags) {
            answer.object()
                    .text("Key", tag.getKey())
                    .text("Value", tag.getValue())
                    .endObject();
        }
        answer.endList();
    }
}
