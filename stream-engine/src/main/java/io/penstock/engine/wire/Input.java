package io.penstock.engine.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A validated request, read by the names of the API model. Immutable. A request for a required member that the model
 * does not declare as required is a bug and throws {@link IllegalStateException}.
 */
public final class Input {
    /** The number of errors that a ValidationException lists. */
    public static final int MOST_ERRORS = 10;

    private final JsonNode node;
    private final Codec codec;
    private final Shape.Structure shape;
    private final Scope scope;

    private Input(JsonNode node, Codec codec, Shape.Structure shape, Scope scope) {
        this.node = node;
        this.codec = codec;
        this.shape = shape;
        this.scope = scope;
    }

    /**
     * Parses a body and validates it against the operation's model.
     *
     * @throws io.penstock.engine.fault.ServiceException if it does not parse or violates a constraint
     */
    public static Input read(byte[] body, Codec codec, KinesisModel operation) {
        JsonNode tree = codec.tree(body);
        Validator.check(tree, operation.input());
        return new Input(tree, codec, operation.input(), Scope.NONE);
    }

    /** This request as one of a caller in that scope. */
    public Input from(Scope caller) {
        return new Input(node, codec, shape, caller);
    }

    /** Account and region of the caller; {@link Scope#NONE} if they were not set. */
    public Scope scope() {
        return scope;
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    private JsonNode required(String name) {
        return member(name).orElseThrow(() -> new IllegalStateException("the model does not require " + name));
    }

    public boolean has(String name) {
        return member(name).isPresent();
    }

    public String text(String name) {
        return required(name).textValue();
    }

    public Optional<String> optionalText(String name) {
        return member(name).map(JsonNode::textValue);
    }

    /** An iterator or token; some clients send it with the quotes of a JSON text. */
    public Optional<String> optionalToken(String name) {
        return optionalText(name)
                .map(text -> text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                        ? text.substring(1, text.length() - 1)
                        : text);
    }

    public String token(String name) {
        required(name);
        return optionalToken(name).orElseThrow();
    }

    /** A blob: a byte string in CBOR, Base64 in JSON. */
    public byte[] binary(String name) {
        JsonNode value = required(name);
        if (codec == Codec.CBOR && !value.isBinary()) {
            throw new ServiceException(ErrorType.SERIALIZATION, "The value at '" + name + "' is not a byte string.");
        }
        return Validator.binary(value, name);
    }

    public int whole(String name) {
        return required(name).intValue();
    }

    public Optional<Integer> optionalWhole(String name) {
        return member(name).map(JsonNode::intValue);
    }

    /** False when absent. */
    public boolean flag(String name) {
        return member(name).map(JsonNode::booleanValue).orElse(false);
    }

    /** Epoch milliseconds. */
    public Optional<Long> optionalTime(String name) {
        return member(name).map(value -> {
            if (codec == Codec.CBOR && value.canConvertToLong()) {
                return value.longValue();
            }
            // Rounded instead of truncated: a double cannot represent every millisecond. What no long holds becomes the
            // nearest one.
            return Math.round(value.doubleValue() * (codec == Codec.CBOR ? 1 : 1000));
        });
    }

    /** Empty when absent. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        member(name).ifPresent(list -> list.forEach(value -> texts.add(value.textValue())));
        return texts;
    }

    /** Empty when absent. */
    public Map<String, String> textMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        member(name)
                .ifPresent(value -> value.fields()
                        .forEachRemaining(entry ->
                                map.put(entry.getKey(), entry.getValue().textValue())));
        return map;
    }

    public Optional<Input> optionalStructure(String name) {
        return member(name).map(value -> new Input(value, codec, shape.inner(name), scope));
    }

    /** Empty when absent. */
    public List<Input> structures(String name) {
        List<Input> structures = new ArrayList<>();
        member(name)
                .ifPresent(list ->
                        list.forEach(value -> structures.add(new Input(value, codec, shape.inner(name), scope))));
        return structures;
    }

    public Input structure(String name) {
        return new Input(required(name), codec, shape.inner(name), scope);
    }

    /** A copy of a member that has only what the model knows, to be kept; a missing node if the member is absent. */
    public JsonNode modelled(String name) {
        return member(name).map(value -> shape.member(name).keep(value)).orElse(MissingNode.getInstance());
    }
}
