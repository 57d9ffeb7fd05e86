using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Dlt.Sources;
using Xunit;

namespace Dlt.Golden.Harness;

/// <summary>
/// Errors of dlt and ours: each class of dlt's has classes here, and facts of its message that ours must name too. The wording is free.
/// </summary>
internal static class ErrorOutcome
{
    /// <summary>An error of dlt that only wraps another one.</summary>
    private static readonly string[] Wrappers = ["PipelineStepFailed", "NormalizeJobFailed"];

    /// <summary>Classes that an accident in Python has: they say less than the error before them.</summary>
    private static readonly string[] Accidents = [
        "KeyError", "TypeError", "ValueError", "AttributeError", "IndexError", "AssertionError", "OverflowError", "ArrowInvalid",
            "ArrowKeyError", "error"];

    private static readonly Rule[] Rules =
    [
        new("ConfigFieldMissingException InvalidNativeValue ProfileNotFound", [typeof(ConfigurationException)]),
        new("ConfigValueCannotBeCoercedException", [typeof(ConfigurationException)], "field `(.+?)`"),
        new(PlaceholderLeft, [typeof(ConfigurationException)], "reads `(.+?)`"),
        new("TomlProviderReadException", [typeof(ConfigurationException)], @"loading ([\w.]+) from"),
        new("ValueNotSecretException", [typeof(ConfigurationException)], @"key `(?:[^`]*\.)?([^`.]+)`"),
        new("InvalidFilesystemLayout", [typeof(ConfigurationException)], @"Missing placeholders: `\['(\w+)'"),
        new("CantExtractTablePrefix", [typeof(ConfigurationException)]),
        new("ConfigurationValueError", [typeof(ConfigurationException), typeof(IncrementalException)]),
        new("DataValidationError", [typeof(SchemaContractException)], "In Table: `(.+?)`", "Column: `(.+?)`", "Contract on `(.+?)`"),
        new("CannotCoerceColumnException CannotCoerceNullException", [typeof(SchemaException)], "table `(.+?)`", "column `(.+?)`"),
        new("UnboundColumnException", [typeof(SchemaException), typeof(DltException)], "table `(.+?)`", @"- (\S+) \("),
        new(
            "DictValidationException SchemaCorruptedException SchemaNotFoundError SchemaException", [typeof(DltException)],
                "must contain table `(.+?)`", "field `(?:data_type)=(.+?)`", "extra fields `{'(.+?)'"),
        new("SchemaEngineNoUpgradePathException PipelineStateEngineNoUpgradePathException", [typeof(DltException)], "from engine `(.+?)`"),
        new("ParentTableNotFoundException", [typeof(SchemaException)], "Parent table `(.+?)`", "for `(.+?)`"),
        new("TablePropertiesConflictException", [typeof(SchemaException)], "into table `(.+?)`", "property `(.+?)`"),
        new("InvalidSchemaName", [typeof(SchemaException)], @"\('(.+?)',"),
        new(
            "SchemaIdentifierNormalizationCollision", [typeof(SchemaException), typeof(DltException)], "name `(.+?)`",
                "collides with `(.+?)`"),
        new(
            "IdentifierTooLongException", [typeof(SchemaException), typeof(DltException)], @"of (?:table|column) (?:\S+\.)?(\S+) exceeds",
                @"exceeds (\d+)"),
        new("DestinationCapabilitiesException", [typeof(SchemaException)], "`(.+?)` merge strategy", "for table `(.+?)`"),
        new(
            "IncrementalCursorPathMissing IncrementalCursorPathHasValueNone IncrementalCursorInvalidCoercion",
                [typeof(IncrementalException)], "(?:JSON path|at path) `(.+?)`", "pipe `(.+?)`"),
        new("IncrementalPrimaryKeyMissing", [typeof(IncrementalException)], "column `(.+?)`"),
        new("JsonPathParserError", [typeof(DltException), typeof(ArgumentException)]),
        new("TerminalValueError", [typeof(FormatException), typeof(DltException)]),
        new(
            "InvalidCharError ValidationError ReservedNameError", [typeof(ArgumentException), typeof(DltException)],
                "'(.+?)' is a reserved name"),
        new("JSONDecodeError RecursionError", [typeof(DltException)]),
        new(KeysOfOneName, [typeof(UnloadableItemException)], "first `(.*?)` second", "second `(.*?)` name", "name `(.+?)`"),
        new(ListsOfOwnTables, [typeof(UnloadableItemException)], "table `(.+?)`", "parent `(.+?)`"),
        new(ReservedTables, [typeof(SchemaException)], "table `(.+?)`"),
        new(FormatOfStoredTable, [typeof(SchemaException)], "table `(.+?)`"),
        new(KeysOfAnUpsert, [typeof(SchemaException)], "table `(.+?)`"),
        new("InvalidIcebergException", [typeof(IcebergException)]),
        new("OperationalError ProgrammingError", [typeof(DltException)], "Partition column '(.+?)' does not exist"),
        new(string.Join(' ', Accidents), [typeof(DltException), typeof(ArgumentException), typeof(FormatException)],
            @"replace strategy for (\w+)", "staging dataset name '(.+?)' is identical"),
    ];

    /// <summary>Our own error, which dlt does not have.</summary>
    public const string PlaceholderLeft = "PlaceholderLeft";

    /// <inheritdoc cref="PlaceholderLeft"/>
    public const string KeysOfOneName = "KeysOfOneName";

    /// <inheritdoc cref="PlaceholderLeft"/>
    public const string ListsOfOwnTables = "ListsOfOwnTables";

    /// <inheritdoc cref="PlaceholderLeft"/>
    public const string ReservedTables = "ReservedTables";

    /// <inheritdoc cref="PlaceholderLeft"/>
    public const string FormatOfStoredTable = "FormatOfStoredTable";

    /// <inheritdoc cref="PlaceholderLeft"/>
    public const string KeysOfAnUpsert = "KeysOfAnUpsert";

    public static bool IsError(JsonValue expected) =>
        expected.Kind == JsonKind.Object
            && (expected["error"] is { Kind: JsonKind.String } || expected["errors"] is { Kind: JsonKind.Array });

    /// <summary>True for a class that a rule is about.</summary>
    public static bool Knows(string name) => Rules.Any(r => r.Classes.Contains(Short(name)));

    /// <summary>Runs an action that must fail as in dlt.</summary>
    /// <param name="expected">An object with <c>error</c>, or with a chain of <c>errors</c>.</param>
    /// <param name="action">The action that must fail.</param>
    /// <returns>Our error.</returns>
    public static Exception Throws(JsonValue expected, Action action)
    {
        var error = Record.Exception(action);
        Check(expected, error);
        return error!;
    }

    /// <summary>Compares the thrown exception, or null, with an error of dlt.</summary>
    public static void Check(JsonValue expected, Exception? actual)
    {
        var wanted = Decisive(expected["errors"] is { Kind: JsonKind.Array } chain ? chain.Items : [expected]);
        var name = NameOf(wanted);
        var message = wanted["message"] is { Kind: JsonKind.String } text ? text.AsString() : "";
        Assert.True(actual is not null, $"No error came, but dlt says {name}: {message}");
        if (actual is NotDrivenException) throw actual;
        var rule = Rules.FirstOrDefault(r => r.Classes.Contains(name)) ?? throw new NotDrivenException($"the error class '{name}'");
        Assert.True(rule.Types.Any(t => t.IsInstanceOfType(actual)), $"dlt's {name} is a {actual.GetType().Name} here: {actual.Message}");
        foreach (
            var fact in rule.Facts.Select(f => Regex.Match(message, f, RegexOptions.Singleline))
                .Where(m => m.Success && !m.Groups[1].Value.Contains("...", StringComparison.Ordinal)))
            Assert.Contains(fact.Groups[1].Value, TextOf(actual), StringComparison.OrdinalIgnoreCase);
        if (wanted["fields"] is { Kind: JsonKind.Array } fields) Assert.Equal(
            fields.Items.Select(f => f.AsString()), Assert.IsType<ConfigurationException>(actual).Fields);
        if (wanted["schema_entity"] is { Kind: JsonKind.String } entity) Assert.Equal(
            entity.AsString(), Assert.IsType<SchemaContractException>(actual).Entity);
    }

    /// <summary>The innermost error that says what happened.</summary>
    private static JsonValue Decisive(IReadOnlyList<JsonValue> chain) =>
        chain.LastOrDefault(e => !Wrappers.Contains(NameOf(e)) && !Accidents.Contains(NameOf(e))) ?? chain.Last(
            e => !Wrappers.Contains(NameOf(e)) || e == chain[^1]);

    private static string NameOf(JsonValue error) => Short((error["error"] ?? error["type"])!.AsString());

    private static string Short(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string TextOf(Exception error) =>
        error.InnerException is { } inner ? error.Message + "\n" + TextOf(inner) : error.Message;

    /// <param name="Names">Classes of dlt, apart by blanks.</param>
    /// <param name="Types">Our classes.</param>
    /// <param name="Facts">Patterns over dlt's message; the first group of each is a fact.</param>
    private sealed record Rule(string Names, Type[] Types, params string[] Facts)
    {
        public string[] Classes { get; } = Names.Split(' ');
    }
}
