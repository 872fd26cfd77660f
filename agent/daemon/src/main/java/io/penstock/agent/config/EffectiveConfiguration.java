package io.penstock.agent.config;

/**
 * Prints a configuration as YAML: every key with the value in effect. Secrets are masked; but for them what it prints
 * loads to the same configuration.
 */
public final class EffectiveConfiguration {
    private EffectiveConfiguration() {}

    public static String render(Configuration configuration) {
        Printer printer = new Printer();
        Declared.of(Configuration.class).print(printer, configuration);
        return printer.text();
    }
}
