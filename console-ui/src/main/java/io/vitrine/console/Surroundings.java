package io.vitrine.console;

import io.vitrine.console.audit.AuditTrail;
import io.vitrine.console.home.Connections;
import io.vitrine.console.metric.MetricRecorder;
import io.vitrine.console.metric.Pins;
import io.vitrine.console.setting.ConsoleSettings;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a window's views may know of the console itself.
 *
 * @param settings what holds as long as the window lives
 * @param change takes other settings and makes the window anew
 * @param dataDirectory where the console and its cluster keep everything
 * @param audit what the operator changed
 * @param metrics what was recorded of the cluster, beyond the window
 * @param pins charts in front
 * @param connections other clusters and folders
 */
record Surroundings(
    ConsoleSettings settings,
    Consumer<ConsoleSettings> change,
    Path dataDirectory,
    AuditTrail audit,
    MetricRecorder metrics,
    Pins pins,
    Connections connections) {}
