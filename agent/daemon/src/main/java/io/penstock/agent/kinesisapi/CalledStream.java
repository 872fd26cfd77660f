package io.penstock.agent.kinesisapi;

import io.penstock.agent.route.StreamName;
import io.penstock.engine.fault.ServiceException;
import java.util.Optional;

/** The stream that a call names. */
final class CalledStream {
    private static final String STREAM = ":stream/";

    private CalledStream() {}

    /** @throws ServiceException if the call names none, several, or one that cannot be */
    static String of(Optional<String> name, Optional<String> arn, Optional<String> id) {
        if (id.isPresent()) {
            throw ServiceException.invalidArgument(
                    "A StreamId is not known here: name the stream by StreamName or StreamARN.");
        }
        Optional<String> inArn = arn.map(CalledStream::inArn);
        if (name.isPresent() && inArn.isPresent() && !name.get().equals(inArn.get())) {
            throw ServiceException.invalidArgument(
                    "StreamName " + name.get() + " and StreamARN " + arn.get() + " name different streams.");
        }
        String stream = name.or(() -> inArn)
                .orElseThrow(() -> ServiceException.invalidArgument("Either StreamName or StreamARN is needed."));
        if (!StreamName.valid(stream)) {
            throw ServiceException.notFound("Stream " + stream + " not found.");
        }
        return stream;
    }

    /** The stream's name in its ARN, or in that of one of its consumers; empty if there is none. */
    static String inArn(String arn) {
        int at = arn.indexOf(STREAM);
        if (at < 0) {
            return "";
        }
        String rest = arn.substring(at + STREAM.length());
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    /** The ARN with another stream's name in it. */
    static String renamed(String arn, String to) {
        String from = inArn(arn);
        return from.isEmpty() ? arn : arn.replace(STREAM + from, STREAM + to);
    }
}
