using System.Globalization;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>An item of which a value would be lost, or belong to another row, if it were loaded.</summary>
internal sealed class UnloadableItemException : SchemaException
{
    private readonly string _remedy;

    private UnloadableItemException(string message, string reason, string remedy, string? path) : base(message) =>
        (Reason, _remedy, Path) = (reason, remedy, path);

    /// <summary>What is wrong, without a full stop.</summary>
    public string Reason { get; }

    /// <summary>JSON path of the value, where it is known.</summary>
    public string? Path { get; }

    /// <summary>Two values for one column, or two lists for one table.</summary>
    public static UnloadableItemException TwoKeys(string table, string name, bool isList, ItemPlace first, ItemPlace second) => Of(
        isList
            ? $"'{first}' and '{second}' are two lists for the one table '{name}'"
            : $"'{first}' and '{second}' have different values for the one column '{name}' of table '{table}'",
        "Rename one of the keys", isList ? name : table, isList ? null : name, second.ToString());

    /// <summary>A variant column that is a field of the row as well.</summary>
    public static UnloadableItemException TwoVariants(string table, string column) => Of(
        $"a row of table '{table}' has two values for column '{column}': one under that name, and one that its own column cannot hold",
        "Rename the field", table, column, null);

    /// <summary>Rows of a list in a table that is not the list's, or the other way round.</summary>
    public static UnloadableItemException OtherTable(string table, string reason) =>
        Of(reason, "Rename the field or the table", table, null, null);

    /// <summary>The same error, with the place of the item.</summary>
    public UnloadableItemException At(ItemText item) =>
        With(string.Create(CultureInfo.InvariantCulture, $"{item.Source}: line {item.Line}, byte {item.Offset}: {Message}"));

    /// <summary>The same error, with what became of the input.</summary>
    /// <param name="state">What became of it, as a sentence.</param>
    /// <param name="advice">What the user does about the file; null where there is none.</param>
    public UnloadableItemException WithState(string state, string? advice = null) => With($"{Message} {state}",
        $"{(advice is null ? "" : advice + " ")}{_remedy}, or keep rejects (in dlt load: --on-error reject), so that such items go to "
            + $"'{RejectedItem.Table}'.");

    private static UnloadableItemException Of(string reason, string remedy, string table, string? column, string? path) =>
        new(reason + ".", reason, remedy, path) { Table = table, Column = column };

    private UnloadableItemException With(string message, string? advice = null) =>
        new(message, Reason, _remedy, Path) { Table = Table, Column = Column, Advice = advice };
}
