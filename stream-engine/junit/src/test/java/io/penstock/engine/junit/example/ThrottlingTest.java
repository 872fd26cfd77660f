package io.penstock.engine.junit.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.junit.EngineClock;
import io.penstock.engine.junit.EngineExtension;
import io.penstock.engine.junit.EngineLifetime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** The example of the Javadoc. */
class ThrottlingTest {
    @RegisterExtension
    static final EngineExtension ENGINE = EngineExtension.builder().stream("orders", 1)
            .settings((EngineSettings settings) -> settings.withEnforceLimits(true))
            .lifetime(EngineLifetime.CLASS)
            .build();

    private int failed(KinesisAsyncClient kinesis, int records) {
        var record = PutRecordsRequestEntry.builder()
                .partitionKey("7")
                .data(SdkBytes.fromUtf8String("bread"))
                .build();
        List<PutRecordsRequestEntry> all = Collections.nCopies(records, record);
        return kinesis.putRecords(r -> r.streamName("orders").records(all))
                .join()
                .failedRecordCount();
    }

    @Test
    void aShardTakesAThousandRecordsASecond(KinesisAsyncClient kinesis, EngineClock clock) {
        clock.pause();
        assertEquals(0, failed(kinesis, 500));
        assertEquals(0, failed(kinesis, 500));
        assertEquals(500, failed(kinesis, 500));
        clock.advance(Duration.ofSeconds(1));
        assertEquals(0, failed(kinesis, 500));
    }
}
