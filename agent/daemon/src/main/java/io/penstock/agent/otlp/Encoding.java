package io.penstock.agent.otlp;

/** How a request, and so its answer, is written (OTLP specification, OTLP/HTTP). */
enum Encoding {
    PROTOBUF {
        @Override
        FieldReader reader() {
            return new ProtobufReader();
        }
    },
    JSON {
        @Override
        FieldReader reader() {
            return new JsonReader();
        }
    };

    abstract FieldReader reader();
}
