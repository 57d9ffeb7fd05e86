using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// Reads lists and maps with nulls inside. DuckDB.NET takes types without null for the elements of a list, and refuses a null then. A list
/// within a struct or a map cannot be asked for with another type: such a column comes as JSON too, in a column after those of the query.
/// In a program that was compiled ahead of time, which cannot make types, every list does.
/// </summary>
internal sealed class NestedColumns
{
    private static readonly MethodInfo Generic =
        typeof(NestedColumns).GetMethod(nameof(ReaderOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly DuckDBDataReader _reader;
    private readonly Func<int, object>?[] _read;
    private readonly IReadOnlyDictionary<int, int> _json;

    /// <param name="reader">Reader of the rows.</param>
    /// <param name="count">Number of columns of the query.</param>
    /// <param name="json">Columns that come as JSON too, each with the column of its JSON.</param>
    public NestedColumns(DuckDBDataReader reader, int count, IReadOnlyDictionary<int, int> json)
    {
        (_reader, _json) = (reader, json);
        _read = [.. Enumerable.Range(0, count).Select(i => WithNulls(reader.GetFieldType(i)) is { } type
            ? (Func<int, object>)Generic.MakeGenericMethod(type).Invoke(null, [reader])! : null)];
    }

    /// <summary>Finds the columns of a result that are to come as JSON too: structs and maps with a list inside.</summary>
    /// <param name="reader">The result.</param>
    /// <param name="describe">Returns the type of each column in the form of SQL.</param>
    public static IReadOnlyDictionary<int, int> JsonOf(DuckDBDataReader reader, Func<IReadOnlyList<string>> describe)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).Where(i => IsOpaque(reader.GetFieldType(i))).ToList();
        if (columns.Count == 0) return new Dictionary<int, int>();
        var types = describe();
        return columns.Where(i => i < types.Count && types[i].Contains('[', StringComparison.Ordinal))
            .Select((column, n) => (column, n)).ToDictionary(c => c.column, c => reader.FieldCount + c.n);
    }

    /// <summary>The query with the JSON of some columns after its own.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="count">Number of its columns.</param>
    /// <param name="json">The columns.</param>
    public static string WithJson(string sql, int count, IReadOnlyDictionary<int, int> json)
    {
        var added = json.OrderBy(c => c.Value).Select(c => $", CAST(to_json(c{c.Key}) AS VARCHAR)");
        var names = string.Join(", ", Enumerable.Range(0, count).Select(i => $"c{i}"));
        return $"SELECT {names}{string.Concat(added)} FROM (\n{sql}\n) AS t({names})";
    }

    /// <summary>The value of a column in the row; as JSON where its own form has a null that cannot be read.</summary>
    public object ValueOf(int column)
    {
        try
        {
            return _read[column] is { } read ? read(column) : _reader.GetValue(column);
        }
        catch (InvalidCastException) when (_json.TryGetValue(column, out var json))
        {
            return JsonValue.Parse(_reader.GetString(json));
        }
    }

    private static Func<int, object> ReaderOf<T>(DuckDBDataReader reader) => column => reader.GetFieldValue<T>(column)!;

    /// <summary>The type with values that may be null in its lists and maps; null for a type that has none.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "Lists, dictionaries and Nullable ask nothing of their types.")]
    private static Type? WithNulls(Type type)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !type.IsGenericType) return null;
        var (definition, arguments) = (type.GetGenericTypeDefinition(), type.GetGenericArguments());
        if (definition == typeof(List<>)) return definition.MakeGenericType(Nullable(arguments[0]));
        return definition == typeof(Dictionary<,>) && arguments[1] != typeof(object) && !arguments[1].IsGenericType
            ? definition.MakeGenericType(arguments[0], Nullable(arguments[1])) : null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "Nullable asks nothing of its type.")]
    private static Type Nullable(Type type) => WithNulls(type)
        ?? (type.IsValueType && System.Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type);

    /// <summary>True for a struct, a map of nested values, and a list of one; without dynamic code for all of them.</summary>
    private static bool IsOpaque(Type type) => type.IsGenericType && (!RuntimeFeature.IsDynamicCodeSupported || IsOpaqueGeneric(type));

    private static bool IsOpaqueGeneric(Type type) => type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
        ? type.GetGenericArguments()[1] is { } value && (value == typeof(object) || value.IsGenericType)
        : type.GetGenericArguments().Any(IsOpaque);
}
