/**
 * The console's own settings: language, theme, motion, and where it keeps things.
 *
 * <p>{@link io.vitrine.console.setting.SettingsView} is the door; who keeps the settings hears of a
 * change and makes the window anew. JavaFX thread. Uses {@code live} and {@code text}.
 */
package io.vitrine.console.setting;
