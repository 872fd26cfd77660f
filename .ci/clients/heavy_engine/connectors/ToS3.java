import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.internal.StaticCredentialsProvider;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBClient;
import com.amazonaws.services.kinesis.AmazonKinesisClient;
import com.amazonaws.services.kinesis.clientlibrary.lib.worker.KinesisClientLibConfiguration;
import com.amazonaws.services.kinesis.clientlibrary.lib.worker.Worker;
import com.amazonaws.services.kinesis.connectors.KinesisConnectorConfiguration;
import com.amazonaws.services.kinesis.connectors.KinesisConnectorExecutorBase;
import com.amazonaws.services.kinesis.connectors.KinesisConnectorRecordProcessorFactory;
import com.amazonaws.services.kinesis.connectors.UnmodifiableBuffer;
import com.amazonaws.services.kinesis.connectors.impl.AllPassFilter;
import com.amazonaws.services.kinesis.connectors.impl.BasicMemoryBuffer;
import com.amazonaws.services.kinesis.connectors.interfaces.IBuffer;
import com.amazonaws.services.kinesis.connectors.interfaces.IEmitter;
import com.amazonaws.services.kinesis.connectors.interfaces.IFilter;
import com.amazonaws.services.kinesis.connectors.interfaces.IKinesisConnectorPipeline;
import com.amazonaws.services.kinesis.connectors.interfaces.ITransformer;
import com.amazonaws.services.kinesis.connectors.s3.S3Emitter;
import com.amazonaws.services.kinesis.metrics.impl.NullMetricsFactory;
import com.amazonaws.services.kinesis.model.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;

/** The Connector Library: records of a stream to S3, a line each. Arguments: Kinesis, DynamoDB, S3, stream, bucket. */
public final class ToS3 extends KinesisConnectorExecutorBase<String, byte[]> {
    private final KinesisConnectorConfiguration configuration;

    private ToS3(KinesisConnectorConfiguration configuration) {
        this.configuration = configuration;
        KinesisClientLibConfiguration library = new KinesisClientLibConfiguration(
                        configuration.APP_NAME,
                        configuration.KINESIS_INPUT_STREAM,
                        configuration.AWS_CREDENTIALS_PROVIDER,
                        configuration.WORKER_ID)
                .withKinesisEndpoint(configuration.KINESIS_ENDPOINT)
                .withInitialPositionInStream(configuration.INITIAL_POSITION_IN_STREAM)
                .withIdleTimeBetweenReadsInMillis(configuration.IDLE_TIME_BETWEEN_READS)
                .withParentShardPollIntervalMillis(configuration.PARENT_SHARD_POLL_INTERVAL)
                .withShardSyncIntervalMillis(configuration.SHARD_SYNC_INTERVAL)
                .withCallProcessRecordsEvenForEmptyRecordList(true);
        // The library's own initialize() has no way to say where the leases are.
        AmazonDynamoDBClient leases = new AmazonDynamoDBClient(configuration.AWS_CREDENTIALS_PROVIDER);
        leases.setEndpoint(configuration.DYNAMODB_ENDPOINT);
        AmazonKinesisClient kinesis = new AmazonKinesisClient(configuration.AWS_CREDENTIALS_PROVIDER);
        kinesis.setEndpoint(configuration.KINESIS_ENDPOINT);
        worker = new Worker(
                getKinesisConnectorRecordProcessorFactory(),
                library,
                kinesis,
                leases,
                new NullMetricsFactory(),
                Executors.newCachedThreadPool());
    }

    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.setProperty("appName", "to-s3");
        properties.setProperty("regionName", "us-east-1");
        properties.setProperty("kinesisEndpoint", arguments[0]);
        properties.setProperty("dynamoDBEndpoint", arguments[1]);
        properties.setProperty("s3Endpoint", arguments[2]);
        properties.setProperty("kinesisInputStream", arguments[3]);
        properties.setProperty("s3Bucket", arguments[4]);
        properties.setProperty("initialPositionInStream", "TRIM_HORIZON");
        properties.setProperty("idleTimeBetweenReads", "250");
        properties.setProperty("parentShardPollInterval", "500");
        properties.setProperty("shardSyncInterval", "1000");
        properties.setProperty("bufferRecordCountLimit", "400");
        properties.setProperty("bufferMillisecondsLimit", "2000");
        properties.setProperty("callProcessRecordsEvenForEmptyList", "true");
        new ToS3(new KinesisConnectorConfiguration(
                        properties, new StaticCredentialsProvider(new BasicAWSCredentials("S3RVER", "S3RVER"))))
                .run();
    }

    @Override
    public KinesisConnectorRecordProcessorFactory<String, byte[]> getKinesisConnectorRecordProcessorFactory() {
        return new KinesisConnectorRecordProcessorFactory<>(new Lines(), configuration);
    }

    private static final class Lines implements IKinesisConnectorPipeline<String, byte[]> {
        @Override
        public IEmitter<byte[]> getEmitter(KinesisConnectorConfiguration configuration) {
            return new FilledOnly(configuration);
        }

        @Override
        public IBuffer<String> getBuffer(KinesisConnectorConfiguration configuration) {
            return new BasicMemoryBuffer<>(configuration);
        }

        @Override
        public ITransformer<String, byte[]> getTransformer(KinesisConnectorConfiguration configuration) {
            return new ITransformer<>() {
                @Override
                public String toClass(Record record) {
                    return StandardCharsets.UTF_8.decode(record.getData()).toString();
                }

                @Override
                public byte[] fromClass(String text) {
                    return (text + "\n").getBytes(StandardCharsets.UTF_8);
                }
            };
        }

        @Override
        public IFilter<String> getFilter(KinesisConnectorConfiguration configuration) {
            return new AllPassFilter<>();
        }
    }

    /**
     * At the end of a shard the library emits once more, also when nothing is left, under the name of what it emitted
     * last: S3Emitter then puts an empty object in place of that one.
     */
    private static final class FilledOnly extends S3Emitter {
        FilledOnly(KinesisConnectorConfiguration configuration) {
            super(configuration);
        }

        @Override
        public List<byte[]> emit(UnmodifiableBuffer<byte[]> buffer) throws IOException {
            return buffer.getRecords().isEmpty() ? List.of() : super.emit(buffer);
        }
    }
}
