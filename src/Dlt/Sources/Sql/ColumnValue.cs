using System.Collections.Frozen;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dlt.Items;

namespace Dlt.Sources.Sql;

/// <summary>
/// Converts the values that a database provider returns for one column to values that columns and items support. Types without an
/// equivalent become the provider's text.
/// </summary>
/// <param name="name">Name of the column.</param>
/// <param name="type">Type in the database's notation, such as <c>time without time zone</c>; empty when unknown.</param>
internal sealed class ColumnValue(string name, string type)
{
    private static readonly FrozenSet<Type> Plain = new[]
    {
        typeof(string), typeof(bool), typeof(char), typeof(Guid), typeof(byte[]), typeof(DBNull), typeof(JsonElement), typeof(JsonDocument),
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Half), typeof(float), typeof(double), typeof(decimal),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
    }.ToFrozenSet();

    private readonly bool _isDate = type is "date";   // an upper-case DATE has a time of day in some databases (Oracle, Firebird)
    private readonly bool _isTimeWithOffset = type is "time with time zone" or "timetz";
    private readonly bool _isTime = type.StartsWith("time", StringComparison.OrdinalIgnoreCase)
        && !type.StartsWith("timestamp", StringComparison.OrdinalIgnoreCase);
    private readonly bool _isInterval = type.StartsWith("interval", StringComparison.OrdinalIgnoreCase);
    private Type? _seen;

    /// <summary>Description of the column for error messages.</summary>
    public string Title => type.Length == 0 ? $"Column '{name}'" : $"Column '{name}' of type {type}";

    /// <summary>Converts a value.</summary>
    /// <exception cref="DltException">The type of the value cannot be converted to text. The message names column and type.</exception>
    public object? Of(object? value)
    {
        if (value is null || value.GetType() == _seen) return value;
        var made = Make(value);
        if (ReferenceEquals(made, value) && Plain.Contains(value.GetType())) _seen = value.GetType();
        return made;
    }

    private object? Make(object value) => value switch
    {
        DateTime day when _isDate && IsWholeDay(day) => DateOnly.FromDateTime(day),
        DateTimeOffset time when _isTimeWithOffset => time.ToString("HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        _ when Plain.Contains(value.GetType()) => value,
        JsonValue or System.Text.Json.Nodes.JsonNode => value,
        TimeSpan span when _isInterval => IntervalText.Iso(span),
        TimeSpan span when _isTime => IntervalText.Clock(span),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        Stream content => Whole(content),
        Memory<byte> bytes => bytes.ToArray(),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        Array list when list.Rank == 1 && IsPlain(list.GetType().GetElementType()!) => list,
        char[] => ProviderText.Of(value),
        Array { Rank: > 1 } table => Rows(table, 0, new int[table.Rank]),
        Array list => list.Cast<object?>().Select(Of).ToList(),
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i])).ToList(),
        IDictionary map when IsOfSystem(value) => Entries(map),
        IList list when IsOfSystem(value) && list.GetType().GetGenericArguments() is [var kind] && IsPlain(kind) => list,
        IList list when IsOfSystem(value) => list.Cast<object?>().Select(Of).ToList(),
        _ => ProviderText.Of(value) ?? throw NoText(value.GetType()),
    };

    private object Entries(IDictionary map)
    {
        if (map.Keys is ICollection<string> && map.GetType().GetGenericArguments() is [_, var kind] && IsPlain(kind)) return map;
        var entries = new OrderedDictionary<string, object?>(map.Count);
        foreach (DictionaryEntry entry in map)
            entries.TryAdd(Convert.ToString(Of(entry.Key), CultureInfo.InvariantCulture) ?? "", Of(entry.Value));
        return entries;
    }

    private List<object?> Rows(Array table, int dimension, int[] place)
    {
        var rows = new List<object?>(table.GetLength(dimension));
        for (var i = 0; i < table.GetLength(dimension); i++)
        {
            place[dimension] = table.GetLowerBound(dimension) + i;
            rows.Add(dimension == table.Rank - 1 ? Of(table.GetValue(place)) : Rows(table, dimension + 1, place));
        }

        return rows;
    }

    /// <summary>Reads all bytes of a stream.</summary>
    private static byte[] Whole(Stream content)
    {
        using var copy = new MemoryStream();
        using (content) content.CopyTo(copy);
        return copy.ToArray();
    }

    private static bool IsPlain(Type type) => type != typeof(char) && Plain.Contains(Nullable.GetUnderlyingType(type) ?? type);

    private static bool IsOfSystem(object value) =>
        value.GetType().Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true;

    /// <summary>
    /// Returns whether a date has no time of day. In some databases (Oracle) the values of <c>DATE</c> are timestamps. PostgreSQL's
    /// infinity is the last instant of .NET.
    /// </summary>
    private static bool IsWholeDay(DateTime day) => day.TimeOfDay == TimeSpan.Zero || day.Date == DateTime.MaxValue.Date;

    private DltException NoText(Type kind) => new($"{Title}: its values have the type {kind}, which cannot be converted to text. {Advice}");

    /// <summary>Creates the error for a value that the provider cannot read.</summary>
    public DltException Unreadable(Exception error) =>
        new($"{Title} cannot be read: {ResourceErrors.Sentence(error.Message)} {Advice}", error);

    private string Advice =>
        $"Nothing of this run was loaded, and the state is as before. Convert the column in the query, as in: CAST({name} AS text).";
}
