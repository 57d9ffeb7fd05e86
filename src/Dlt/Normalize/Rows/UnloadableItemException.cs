using System.Globalization;
using Dlt.Items;

namespace Dlt.Normalize.Rows;

/// <summary>Thrown for an item that cannot be loaded without losing a value or attaching it to another row.</summary>
internal sealed class UnloadableItemException : SchemaException
{
    private readonly string _remedy;

    private UnloadableItemException(string message, string reason, string remedy, string? path) : base(message) =>
        (Reason, _remedy, Path) = (reason, remedy, path);

    /// <summary>Reason of the error, without a full stop.</summary>
    public string Reason { get; }

    /// <summary>JSON path of the value; null when it is unknown.</summary>
    public string? Path { get; }

    /// <summary>Makes the error for two values of one column, or two lists of one table.</summary>
    public static UnloadableItemException TwoKeys(string table, string name, bool isList, ItemPlace first, ItemPlace second)
    {
        var reason = isList
            ? $"'{first}' and '{second}' are two lists for the one table '{name}'"
            : $"'{first}' and '{second}' have different values for the one column '{name}' of table '{table}'";
        return Of(reason, "Rename one of the keys", isList ? name : table, isList ? null : name, second.ToString());
    }

    /// <summary>Makes the error for a variant column that is also a field of the row.</summary>
    public static UnloadableItemException TwoVariants(string table, string column) => Of(
        $"a row of table '{table}' has two values for column '{column}': one under that name, and one that its own column cannot hold",
        "Rename the field", table, column, null);

    /// <summary>Makes the error for rows of a list in a table that is not the list's, or the reverse.</summary>
    public static UnloadableItemException OtherTable(string table, string reason) =>
        Of(reason, "Rename the field or the table", table, null, null);

    /// <summary>Returns the same error with the place of the item.</summary>
    public UnloadableItemException At(ItemText item) =>
        With(string.Create(CultureInfo.InvariantCulture, $"{item.Source}: line {item.Line}, byte {item.Offset}: {Message}"));

    /// <summary>Returns the same error with the state of the input.</summary>
    /// <param name="state">State of the input, as a sentence.</param>
    /// <param name="advice">Advice about the file; null for none.</param>
    public UnloadableItemException WithState(string state, string? advice = null)
    {
        var beginning = advice is null ? "" : advice + " ";
        var rest = $"{_remedy}, or keep rejects (in dlt load: --on-error reject), so that such items go to '{RejectedItem.Table}'.";
        return With($"{Message} {state}", beginning + rest);
    }

    private static UnloadableItemException Of(string reason, string remedy, string table, string? column, string? path) =>
        new(reason + ".", reason, remedy, path) { Table = table, Column = column };

    private UnloadableItemException With(string message, string? advice = null) =>
        new(message, Reason, _remedy, Path) { Table = Table, Column = Column, Advice = advice };
}
