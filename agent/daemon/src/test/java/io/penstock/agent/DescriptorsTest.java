package io.penstock.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.Descriptors.Demand;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult.Loaded;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    private static final Configuration DEFAULTS =
            ((Loaded) ConfigurationLoader.ofProcess().defaults()).configuration();

    @Test
    void theServiceUnitsLimitIsEnoughForAllThatIsConfigured() throws IOException {
        Descriptors shares = Descriptors.shareOut(new Demand(65_536, 130, 16, 1_000, 1_000, true));
        assertTrue(shares.sources() >= 20_000, shares.toString());
        assertEquals(1_000, shares.streams());
        assertTrue(shares.shortage(DEFAULTS).isEmpty());
    }

    @Test
    void whatIsSharedOutStaysBelowTheLimit() throws IOException {
        for (long limit : new long[] {400, 1_024, 4_096, 20_000, 65_536, 1_048_576}) {
            for (boolean embedded : new boolean[] {false, true}) {
                Descriptors shares = Descriptors.shareOut(new Demand(limit, 130, 2, 3, 1_000, embedded));
                long streams = (long) shares.streams() * (embedded ? 10 : 5);
                long engine = embedded ? shares.engine() : 0;
                assertTrue(
                        130 + 60 + streams + shares.sources() + engine + shares.admin() < limit,
                        "of " + limit + ": " + shares);
                assertTrue(shares.sources() >= 16, "of " + limit + ": " + shares);
                assertTrue(shares.streams() >= 3, "of " + limit + ": " + shares);
            }
        }
    }

    @Test
    void aSmallLimitIsSaidWithItsRemedy() throws IOException {
        Descriptors shares = Descriptors.shareOut(new Demand(1_024, 130, 2, 3, 1_000, true));
        Explanation why = shares.findings(DEFAULTS).get().get(0).why();
        assertEquals(ConditionName.DESCRIPTORS, why.name());
        String said = why.text();
        assertTrue(said.startsWith("This process may open 1024 files."), said);
        assertTrue(said.endsWith("(ulimit -n 65536, or LimitNOFILE=65536 in the service)"), said);
        assertEquals(shares.sources(), shares.ofSources().max());
    }

    @Test
    void aLimitWithoutRoomForConnectionsIsRefusedAndTheLeastIsNamed() {
        IOException refused =
                assertThrows(IOException.class, () -> Descriptors.shareOut(new Demand(200, 130, 2, 0, 1_000, true)));
        assertTrue(
                refused.getMessage().startsWith("this process may open 200 files and needs at least "),
                refused.getMessage());
    }
}
