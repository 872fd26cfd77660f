package io.penstock.agent.logging;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/**
 * A JSON object of the Elastic Common Schema in a line, with the priority of sd-daemon(3) before it if the journal reads
 * it. Texts are cut, so that a line is bounded. Thread-safe.
 */
final class OneLineJson extends AbstractStringLayout {
    private static final int LONGEST_TEXT = 8_000;
    private static final Charset UTF_8 = StandardCharsets.UTF_8;

    private final JsonTemplateLayout json;
    private final boolean journal;

    OneLineJson(Configuration configuration, boolean journal) {
        super(configuration, UTF_8, null, null);
        this.journal = journal;
        this.json = JsonTemplateLayout.newBuilder()
                .setConfiguration(configuration)
                .setCharset(UTF_8)
                .setEventTemplateUri("classpath:EcsLayout.json")
                .setEventTemplateAdditionalFields(new JsonTemplateLayout.EventTemplateAdditionalField[] {serviceName()})
                .setMaxStringLength(LONGEST_TEXT)
                .setLocationInfoEnabled(false)
                .build();
    }

    private static JsonTemplateLayout.EventTemplateAdditionalField serviceName() {
        return JsonTemplateLayout.EventTemplateAdditionalField.newBuilder()
                .setKey("service.name")
                .setValue("penstock")
                .build();
    }

    @Override
    public String toSerializable(LogEvent event) {
        String object = json.toSerializable(event);
        return journal ? priority(event.getLevel()) + object : object;
    }

    static String priority(Level level) {
        if (level.isMoreSpecificThan(Level.ERROR)) {
            return "<3>";
        }
        if (level.isMoreSpecificThan(Level.WARN)) {
            return "<4>";
        }
        return level.isMoreSpecificThan(Level.INFO) ? "<6>" : "<7>";
    }
}
