package io.penstock.engine.auth;

import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The text of a request that is signed. */
final class CanonicalRequest {
    /** What the SDK for JavaScript signs instead of the host when it speaks HTTP/2. */
    static final String AUTHORITY = ":authority";

    private static final String UNRESERVED = "-_.~";

    private CanonicalRequest() {}

    static String of(RequestHeaders headers, List<String> signed, String bodyHash) {
        String target = headers.path();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        StringBuilder text = new StringBuilder(512);
        text.append(headers.method().name()).append('\n');
        text.append(path.isEmpty() ? "/" : encoded(path, "/")).append('\n');
        text.append(mark < 0 ? "" : query(target.substring(mark + 1))).append('\n');
        for (String name : signed) {
            text.append(name).append(':').append(value(headers, name)).append('\n');
        }
        return text.append('\n')
                .append(String.join(";", signed))
                .append('\n')
                .append(bodyHash)
                .toString();
    }

    private static String value(RequestHeaders headers, String name) {
        List<String> all = headers.getAll(name);
        if (name.equals(AUTHORITY) || all.isEmpty() && name.equals("host")) {
            return String.valueOf(headers.authority());
        }
        List<String> trimmed = new ArrayList<>();
        all.forEach(each -> trimmed.add(each.trim().replaceAll(" +", " ")));
        return String.join(",", trimmed);
    }

    /** Sorted by name, then value, each encoded once. */
    private static String query(String query) {
        List<String> parts = new ArrayList<>();
        for (String part : query.split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                parts.add(encoded(name, "%") + "=" + encoded(value, "%"));
            }
        }
        Collections.sort(parts);
        return String.join("&", parts);
    }

    /** @param kept characters that stay as they are, besides the unreserved ones */
    private static String encoded(String text, String kept) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            boolean plain = character >= 'a' && character <= 'z'
                    || character >= 'A' && character <= 'Z'
                    || character >= '0' && character <= '9'
                    || UNRESERVED.indexOf(character) >= 0
                    || kept.indexOf(character) >= 0;
            if (plain) {
                encoded.append(character);
            } else {
                encoded.append('%');
                encoded.append(Character.toUpperCase(Character.forDigit(character >> 4, 16)));
                encoded.append(Character.toUpperCase(Character.forDigit(character & 0xf, 16)));
            }
        }
        return encoded.toString();
    }
}
