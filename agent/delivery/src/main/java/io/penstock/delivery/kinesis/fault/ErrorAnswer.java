package io.penstock.delivery.kinesis.fault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.penstock.delivery.kinesis.http.HttpAnswer;
import java.io.IOException;

/**
 * The code and message of a service error, in JSON or CBOR. Both are empty if the answer is not an error of the
 * service, such as a proxy's page.
 */
public record ErrorAnswer(String code, String message) {
    private static final int OBJECT = '{';
    private static final int MOST_CHARS = 500;
    private static final String ELLIPSIS = "...";

    /** The error of any answer with an error status. A service may answer a CBOR request with an error in JSON. */
    public static ErrorAnswer of(HttpAnswer answer) {
        byte[] body = answer.body();
        ErrorAnswer said = body.length == 0 ? new ErrorAnswer("", "") : read(body);
        return said.code.isEmpty()
                ? new ErrorAnswer(answer.header("x-amzn-ErrorType").orElse("").replaceAll(":.*", ""), said.message)
                : said;
    }

    private static ErrorAnswer read(byte[] body) {
        String code = "";
        String message = "";
        JsonFactory factory =
                body[0] == OBJECT || Character.isWhitespace(body[0]) ? new JsonFactory() : new CBORFactory();
        try (JsonParser in = factory.createParser(body)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    if (name.equals("__type")) {
                        code = in.getValueAsString("");
                    } else if (name.equalsIgnoreCase("message")) {
                        message = in.getValueAsString("");
                    }
                    in.skipChildren();
                }
            }
        } catch (IOException somethingElse) {
            return new ErrorAnswer("", "");
        }
        return new ErrorAnswer(
                code.substring(code.indexOf('#') + 1),
                message.length() <= MOST_CHARS
                        ? message
                        : message.substring(0, MOST_CHARS - ELLIPSIS.length()) + ELLIPSIS);
    }
}
