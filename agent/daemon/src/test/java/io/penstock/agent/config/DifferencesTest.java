package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.reload.Change;
import io.penstock.agent.reload.RestartReasons;
import io.penstock.base.settings.Reload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static Configuration load(String yaml) {
        ConfigurationResult result = Loading.loader(Map.of()).parse("data: /d\n" + yaml);
        return assertInstanceOf(ConfigurationResult.Loaded.class, result, result::toString)
                .configuration();
    }

    private static List<String> between(String before, String after) {
        return Differences.between(load(before), load(after)).stream()
                .map(Change::describe)
                .toList();
    }

    @Test
    void equalConfigurationsHaveNone() {
        String yaml = "routes: [{match: \"mqtt:#\", stream: \"a-{topic(1)}\", add: {a: 1}}]\n";
        assertEquals(List.of(), between(yaml, yaml));
        assertEquals(load(yaml), Merged.of(load(yaml), load(yaml)));
    }

    @Test
    void nameTheKeyWithItsFormerAndItsNewValue() {
        assertEquals(
                List.of("shutdown-timeout: 20s → 30s", "mqtt.listen: [\"mqtt://127.0.0.1:1883\"] → []"),
                between("", "shutdown-timeout: 30s\nmqtt: {listen: []}\n"));
    }

    @Test
    void compareEachKeyOfARouteThatStays() {
        assertEquals(
                List.of("routes[0].stream: a → b"),
                between("routes: [{match: \"mqtt:#\", stream: a}]\n", "routes: [{match: \"mqtt:#\", stream: b}]\n"));
    }

    @Test
    void showARouteThatIsPutInBetweenAsOneChange() {
        List<String> said = between(
                "routes: [{match: \"mqtt:a\", stream: a}, {match: \"mqtt:c\", stream: c}]\n",
                "routes: [{match: \"mqtt:a\", stream: a}, {match: \"mqtt:b\", stream: b}, {match: \"mqtt:c\", stream: c}]\n");
        assertEquals(1, said.size());
        assertTrue(said.get(0).startsWith("routes[1]: (none) → match: \"mqtt:b\", stream: b, "), said.get(0));
    }

    @Test
    void hideSecretsAndYetSeeThatTheyChange() {
        assertEquals(
                List.of("forward.shared-key: a secret is another"),
                between("forward: {shared-key: one}\n", "forward: {shared-key: two}\n"));
        String target = "targets: {t: {endpoint: \"http://h:1\", credentials: {source: static,"
                + " access-key-id: AKIAEXAMPLEEXAMPLE, secret-access-key: %s}}}\n";
        List<String> said = between(target.formatted("hush1"), target.formatted("hush2"));
        assertEquals(List.of("targets.t.credentials.secret-access-key: a secret is another"), said);
    }

    @Test
    void cutAValueThatIsTooLongForALogLine() {
        String line = between("", "http: {hosts: [" + "\"h.example.com\", ".repeat(99) + "\"x\"]}\n")
                .get(0);
        assertTrue(line.length() < 700, line);
    }

    @Test
    void onlyKeysThatAReloadAppliesAreMerged() {
        Configuration running =
                load("mqtt: {sessions: {durable: true}, allow-anonymous: false}\nmemory: {budget: 50%}\n");
        Configuration wanted =
                load("mqtt: {sessions: {durable: false}, allow-anonymous: true}\nmemory: {budget: 40%}\n");
        Configuration merged = Merged.of(running, wanted);
        assertTrue(merged.mqtt().allowAnonymous());
        assertTrue(merged.mqtt().sessions().durable());
        assertEquals(running.memory(), merged.memory());
        assertEquals(
                List.of("mqtt.allow-anonymous", "mqtt.sessions.durable"),
                Differences.between(running, wanted).stream()
                        .map(Change::key)
                        .filter(key -> key.startsWith("mqtt"))
                        .toList());
    }

    @Test
    void everyKeyIsAppliedByAReloadOrHasTheReasonWhyNot() {
        List<String> silent = new ArrayList<>();
        look("", Declared.of(Configuration.class), false, silent);
        assertEquals(List.of(), silent);
    }

    @Test
    void theDocumentHasTheReasons() throws IOException {
        String document = Files.readString(Path.of("../../docs/operations.md"));
        RestartReasons.all()
                .forEach((key, reason) -> assertTrue(document.contains("| `" + key + "` | " + reason + " |"), key));
    }

    private static void look(String path, Declared declared, boolean hot, List<String> silent) {
        for (Member member : declared.members()) {
            if (member.kind() instanceof Kind.NoKey) {
                continue;
            }
            boolean applied = hot || member.reload() == Reload.HOT;
            if (member.kind() instanceof Kind.Inlined inlined) {
                look(path, Declared.of(inlined.type()), applied, silent);
                continue;
            }
            String key = path + member.name();
            if (member.kind() instanceof Kind.Below below) {
                look(key + ".", Declared.of(below.type()), applied, silent);
            } else if (!applied && RestartReasons.of(key).isEmpty()) {
                silent.add(key);
            }
        }
    }
}
