package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineVariablesTest {
    private static EngineVariables variables(String... namesAndValues) {
        Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new EngineVariables(all);
    }

    @Test
    void everyVariableIsRead() {
        EngineVariables variables = variables(
                "PENSTOCK_ENGINE_LISTEN", "0.0.0.0:4567",
                "PENSTOCK_ENGINE_HOSTS", "kinesis, kinesis.local",
                "PENSTOCK_ENGINE_ALLOW_ANONYMOUS", "true",
                "PENSTOCK_ENGINE_STREAMS", "a:1,b",
                "INITIALIZE_STREAMS", "c:3:eu-west-1,d",
                "PENSTOCK_ENGINE_DATA", "/data",
                "PENSTOCK_ENGINE_CONFIG", "/etc/engine.yaml",
                "AWS_ACCOUNT_ID", "111122223333");
        assertEquals(Optional.of("0.0.0.0:4567"), variables.listen());
        assertEquals(List.of("kinesis", "kinesis.local"), variables.hosts());
        assertTrue(variables.allowAnonymous());
        assertEquals(List.of("a:1", "b", "c:3:eu-west-1", "d"), variables.streams());
        assertEquals(Optional.of(Path.of("/data")), variables.data());
        assertEquals(Optional.of(Path.of("/etc/engine.yaml")), variables.config());
        assertEquals(Optional.of("111122223333"), variables.account());
    }

    @Test
    void anEmptyVariableIsNone() {
        EngineVariables variables = variables(
                "PENSTOCK_ENGINE_LISTEN", "", "PENSTOCK_ENGINE_STREAMS", " , ", "PENSTOCK_ENGINE_ALLOW_ANONYMOUS", "");
        assertEquals(Optional.empty(), variables.listen());
        assertEquals(List.of(), variables.streams());
        assertFalse(variables.allowAnonymous());
    }

    @Test
    void aWrongValueIsRefusedByItsName() {
        CommandFailure anonymous =
                assertThrows(CommandFailure.class, variables("PENSTOCK_ENGINE_ALLOW_ANONYMOUS", "yes")::allowAnonymous);
        assertTrue(anonymous.getMessage().contains("PENSTOCK_ENGINE_ALLOW_ANONYMOUS"), anonymous.getMessage());
        CommandFailure account = assertThrows(CommandFailure.class, variables("AWS_ACCOUNT_ID", "12")::account);
        assertTrue(account.getMessage().contains("AWS_ACCOUNT_ID"), account.getMessage());
    }

    @Test
    void aStreamHasANameShardsAndARegion() {
        assertEquals(new StreamOption("a", 4, Optional.empty()), StreamOption.parse("a", 4));
        assertEquals(new StreamOption("a", 2, Optional.empty()), StreamOption.parse("a:2", 4));
        assertEquals(
                new StreamOption("a", 2, Optional.of("us-gov-west-1")), StreamOption.parse("a:2:us-gov-west-1", 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1", "a:", "a:0", "a:x", "a:10001", "a:1:", "a:1:here", "a:1:us-east-1:x", "a b"})
    void whatIsNoStreamIsRefused(String text) {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> StreamOption.parse(text, 4));
        assertTrue(failure.getMessage().contains("--stream " + text + ": "), failure.getMessage());
    }
}
