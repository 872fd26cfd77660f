package io.penstock.agent.http.body;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a body is packed, by its Content-Encoding. */
public enum ContentEncoding {
    IDENTITY,
    GZIP,
    DEFLATE,
    ZSTD,
    /** Its block format, which has no name of its own among HTTP's encodings. */
    SNAPPY;

    private static final String TAKEN = "gzip, deflate, zstd, snappy or none";

    /** @throws Refused with 415 for an encoding that is not taken, and for one on top of another */
    public static ContentEncoding of(RequestHeaders headers) throws Refused {
        List<String> names = names(headers.getAll(HttpHeaderNames.CONTENT_ENCODING));
        if (names.size() > 1) {
            throw unsupported("Content-Encoding " + Problem.excerpt(String.join(", ", names)) + " is more than one");
        }
        String name = names.isEmpty() ? "identity" : names.get(0);
        return switch (name) {
            case "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            case "zstd" -> ZSTD;
            case "snappy", "x-snappy" -> SNAPPY;
            default -> throw unsupported("Content-Encoding " + Problem.excerpt(name) + " is not taken");
        };
    }

    /** What does nothing is left out: it may stand beside another. */
    private static List<String> names(List<String> values) {
        List<String> names = new ArrayList<>();
        for (String value : values) {
            for (String each : value.split(",", -1)) {
                String name = each.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static Refused unsupported(String error) {
        return Refused.unsupported(HttpStatus.UNSUPPORTED_MEDIA_TYPE, error, "use one of " + TAKEN);
    }

    /** Begins to unpack {@code packed[0, length)}, which must not change until the end. */
    Unpacker unpacker(byte[] packed, int length) throws Refused {
        return switch (this) {
            case IDENTITY -> throw new IllegalStateException("nothing to unpack");
            case GZIP -> new GzipUnpacker(packed, length);
            case DEFLATE -> new DeflateUnpacker(packed, length);
            case ZSTD -> new ZstdUnpacker(packed, length);
            case SNAPPY -> new SnappyUnpacker(packed, length);
        };
    }
}
