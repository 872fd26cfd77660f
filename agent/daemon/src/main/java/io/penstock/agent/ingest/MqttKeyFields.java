package io.penstock.agent.ingest;

import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.Payload;
import io.penstock.agent.record.RecordBuffer;
import io.penstock.agent.route.KeyFields;
import io.penstock.mqtt.Publish;
import org.jspecify.annotations.Nullable;

/** What a partition key may be made of when the event is a publish. Set before and released after each. One thread. */
final class MqttKeyFields implements KeyFields {
    private final Payload payload;
    private @Nullable Publish publish;

    MqttKeyFields(Payload payload) {
        this.payload = payload;
    }

    void publish(Publish publish) {
        this.publish = publish;
    }

    void release() {
        publish = null;
    }

    @Override
    public String clientId() {
        return publish == null ? "" : publish.clientId();
    }

    @Override
    public String topic() {
        return publish == null ? "" : publish.topic();
    }

    @Override
    public String user() {
        return publish == null ? "" : publish.userName().orElse("");
    }

    @Override
    public boolean jsonField(JsonPath path, RecordBuffer into) {
        return payload.field(path, into);
    }
}
