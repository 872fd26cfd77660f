package io.penstock.agent.otlp;

import io.penstock.agent.otlp.Field.Kind;
import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonScanner;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads OTLP's JSON mapping (OTLP specification, JSON Protobuf Encoding) in bytes that {@link JsonScanner} has found
 * valid. {@code null} is a field without a value. A known field with a value of another kind is refused.
 */
@OwnedBy(ThreadRole.HOLDER)
final class JsonReader extends FieldReader {
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_ESCAPE = 6;

    /** No field's name has more than 22 characters. */
    private static final int LONGEST_ESCAPED_NAME = 22 * LONGEST_ESCAPE + 2;

    private static final long LARGEST_UINT32 = 0xFFFF_FFFFL;

    private final JsonScanner scanner = new JsonScanner();
    private final JsonFields strings = new JsonFields();
    private final GrowingBytes characters = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
    private boolean inArray;

    @Override
    void begin(Message type, byte[] bytes, int first, int past) throws Damaged {
        super.begin(type, bytes, first, past);
        inArray = false;
        space();
        if (at == end || body[at] != '{') {
            throw new Damaged("the JSON value at byte " + at + " is no object");
        }
        at++;
    }

    @Override
    boolean next() throws Damaged {
        while (true) {
            space();
            if (inArray) {
                if (body[at] == ']') {
                    at++;
                    inArray = false;
                } else {
                    comma();
                    span();
                    judge();
                    return true;
                }
            } else if (body[at] == '}') {
                return false;
            } else {
                comma();
                @Nullable Field known = name();
                if (known == null || body[at] == 'n') {
                    span();
                } else if (known.isRepeated()) {
                    if (body[at] != '[') {
                        throw new Damaged(known.name() + " at byte " + at + " is no array");
                    }
                    at++;
                    field = known;
                    inArray = true;
                } else {
                    field = known;
                    span();
                    judge();
                    return true;
                }
            }
        }
    }

    private void comma() {
        if (body[at] == ',') {
            at++;
            space();
        }
    }

    /** Passes over a name and its colon, to the value. */
    private @Nullable Field name() throws Damaged {
        span();
        Field known = message.field(body, from + 1, to - 1);
        if (known == null && to - from <= LONGEST_ESCAPED_NAME && hasEscape(from, to)) {
            byte[] name = text(from, to).getBytes(StandardCharsets.UTF_8);
            known = message.field(name, 0, name.length);
        }
        space();
        at++;
        space();
        return known;
    }

    /** Passes over the value that begins here. */
    private void span() throws Damaged {
        from = at;
        to = scanner.value(body, at, end);
        if (to < 0) {
            throw new Damaged("the JSON at byte " + at + " is broken: " + scanner.problem());
        }
        at = to;
    }

    private void space() {
        while (at < end && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
    }

    /** Checks that the value is of the field's kind, and reads it if it is a number or boolean. */
    private void judge() throws Damaged {
        byte first = body[from];
        Kind kind = field.kind();
        switch (kind) {
            case MESSAGE -> require(first == '{', "no object");
            case STRING, TRACE_ID, SPAN_ID -> require(first == '"', "no string");
            case BYTES -> require(first == '"' && isBase64(), "no string in base64");
            case DOUBLE -> require(isNumber(first) || isNumberInWords(), "no number");
            case BOOL -> {
                require(first == 't' || first == 'f', "neither true nor false");
                value = first == 't' ? 1 : 0;
            }
            case FIXED64 -> value = integer(true);
            case INT64 -> value = integer(false);
            case INT32 -> {
                value = integer(false);
                require(value == (int) value, "no integer of 32 bits");
            }
            case UINT32, FIXED32 -> {
                value = integer(false);
                require(value >= 0 && value <= LARGEST_UINT32, "no integer of 32 bits");
            }
        }
    }

    private void require(boolean holds, String otherwise) throws Damaged {
        if (!holds) {
            throw new Damaged(field.name() + " at byte " + from + " is " + otherwise);
        }
    }

    private static boolean isNumber(byte first) {
        return first == '-' || (first >= '0' && first <= '9');
    }

    /** A number in quotes, or one of the three words for what JSON has no number for. */
    private boolean isNumberInWords() {
        if (body[from] != '"' || to - from > LONGEST_NUMBER) {
            return false;
        }
        String text = text(from, to);
        return text.equals("NaN")
                || text.equals("Infinity")
                || text.equals("-Infinity")
                || (!text.isEmpty() && isNumber(body[from + 1]) && scanner.isValue(body, from + 1, to - 1));
    }

    /** An integer, in quotes or without. */
    private long integer(boolean unsigned) throws Damaged {
        boolean quoted = body[from] == '"';
        int first = quoted ? from + 1 : from;
        int past = quoted ? to - 1 : to;
        require(past > first && past - first <= LONGEST_NUMBER && isNumber(body[first]), "no integer");
        String text = new String(body, first, past - first, StandardCharsets.ISO_8859_1);
        try {
            return unsigned ? Long.parseUnsignedLong(text) : Long.parseLong(text);
        } catch (NumberFormatException otherwise) {
            return integer(text, unsigned);
        }
    }

    /** An integer that is written with a point or an exponent. */
    private long integer(String text, boolean unsigned) throws Damaged {
        try {
            BigDecimal number = new BigDecimal(text);
            // An exponent of nine digits would fill the memory.
            require(Math.abs((long) number.scale()) <= LONGEST_NUMBER, "no integer of 64 bits");
            String plain = number.toBigIntegerExact().toString();
            return unsigned ? Long.parseUnsignedLong(plain) : Long.parseLong(plain);
        } catch (ArithmeticException | NumberFormatException none) {
            throw new Damaged(field.name() + " at byte " + from + " is no integer of 64 bits");
        }
    }

    private boolean isBase64() {
        for (int i = from + 1; i < to - 1; i++) {
            byte b = body[i];
            boolean allowed = (b >= 'A' && b <= 'Z')
                    || (b >= 'a' && b <= 'z')
                    || (b >= '0' && b <= '9')
                    || b == '+'
                    || b == '/'
                    || b == '-'
                    || b == '_'
                    || b == '=';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private boolean hasEscape(int first, int past) {
        for (int i = first; i < past; i++) {
            if (body[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    @Override
    boolean isEmpty(int first, int past) {
        return past - first == 2;
    }

    /** As it came: it is valid. */
    @Override
    int string(int first, int past, GrowingBytes out) {
        out.put(body, first, past - first);
        return 0;
    }

    @Override
    void number(long bits, int first, int past, GrowingBytes out) {
        if (body[first] == '"' && isNumber(body[first + 1]) && body[past - 2] != 'y') {
            out.put(body, first + 1, past - first - 2);
        } else {
            out.put(body, first, past - first);
        }
    }

    @Override
    void bytes(int first, int past, GrowingBytes out) {
        out.put(body, first, past - first);
    }

    @Override
    boolean id(int first, int past, int size, GrowingBytes out) {
        if (past - first - 2 != 2 * size) {
            return false;
        }
        boolean any = false;
        for (int i = first + 1; i < past - 1; i++) {
            if (Character.digit(body[i], 16) < 0) {
                return false;
            }
            any |= body[i] != '0';
        }
        if (!any) {
            return false;
        }
        out.put('"');
        for (int i = first + 1; i < past - 1; i++) {
            out.put(body[i] >= 'A' && body[i] <= 'F' ? body[i] + ('a' - 'A') : body[i]);
        }
        out.put('"');
        return true;
    }

    @Override
    String text(int first, int past) {
        characters.clear();
        strings.characters(body, first + 1, past - 1, characters);
        return characters.toString();
    }

    @Override
    boolean isText(int first, int past, byte[] utf8) {
        return Arrays.equals(body, first + 1, past - 1, utf8, 0, utf8.length)
                || (past - first - 2 <= LONGEST_ESCAPE * utf8.length
                        && hasEscape(first, past)
                        && Arrays.equals(text(first, past).getBytes(StandardCharsets.UTF_8), utf8));
    }
}
