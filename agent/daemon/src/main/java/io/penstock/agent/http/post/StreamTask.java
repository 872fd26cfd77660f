package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.route.Destination;

/** Records are posted to a stream. */
record StreamTask(String posted, LoopState loop, Destination destination, Wishes wishes, BodyFormat format)
        implements Task {
    @Override
    public String what() {
        return "stream '" + posted + "'";
    }

    @Override
    public Records records(byte[] body, int length) {
        return new StreamRecords(loop, destination, wishes, format, body, length);
    }

    @Override
    public HttpResponse stored(int records, int dropped) {
        return HttpResponse.of(
                HttpStatus.OK,
                MediaType.JSON,
                "{\"stream\":\"" + destination.stream().stream() + "\",\"records\":" + records
                        + (dropped == 0 ? "" : ",\"dropped\":" + dropped) + "}\n");
    }
}
