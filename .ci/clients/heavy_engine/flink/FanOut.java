import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;
import org.apache.flink.streaming.connectors.kinesis.serialization.KinesisDeserializationSchema;

/** A Flink job that reads a stream with enhanced fan-out. Arguments: Kinesis, stream, file for {@code SHARD DATA}. */
public final class FanOut {
    private FanOut() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("aws.region", "us-east-1");
        properties.setProperty("aws.endpoint", arguments[0]);
        properties.setProperty("aws.credentials.provider", "BASIC");
        properties.setProperty("aws.credentials.provider.basic.accesskeyid", "any");
        properties.setProperty("aws.credentials.provider.basic.secretkey", "any");
        properties.setProperty("flink.stream.initpos", "TRIM_HORIZON");
        properties.setProperty("flink.stream.recordpublisher", "EFO");
        properties.setProperty("flink.stream.efo.consumername", "flink");
        properties.setProperty("flink.shard.discovery.intervalmillis", "500");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2);
        environment.enableCheckpointing(2000);
        environment
                .addSource(new FlinkKinesisConsumer<>(arguments[1], new WithShard(), properties))
                .addSink(new ToFile(arguments[2]))
                .setParallelism(1);
        environment.execute("fan-out");
    }

    public static final class WithShard implements KinesisDeserializationSchema<String> {
        @Override
        public String deserialize(
                byte[] data, String key, String number, long arrived, String stream, String shard) {
            return shard + " " + new String(data, StandardCharsets.UTF_8);
        }

        @Override
        public TypeInformation<String> getProducedType() {
            return TypeInformation.of(String.class);
        }
    }

    public static final class ToFile extends RichSinkFunction<String> {
        private final String file;

        ToFile(String file) {
            this.file = file;
        }

        @Override
        public void invoke(String line, Context context) throws IOException {
            try (FileOutputStream out = new FileOutputStream(file, true)) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
