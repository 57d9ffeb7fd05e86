using System.Collections.Frozen;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;

namespace Dlt.Sources.Sql;

/// <summary>
/// Types of a provider that hold more than what it gives by itself: Npgsql gives <c>inet</c> without its mask, and an <c>interval</c> only
/// when it has no months.
/// They are found in the provider's assembly by name, so that no provider has to be there.
/// </summary>
internal static class ProviderTypes
{
    private const string Interval = "NpgsqlTypes.NpgsqlInterval";

    /// <summary>The type to read a column as, by the column's type.</summary>
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["inet"] = "NpgsqlTypes.NpgsqlInet",
        ["interval"] = Interval,
    }.ToFrozenDictionary();

    private static readonly MethodInfo ReadMethod = typeof(ProviderTypes)
        .GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Reads a value of a column; null where what the provider gives by itself is as good.</summary>
    public static Func<DbDataReader, int, object?>? ReaderOf(DbDataReader reader, string columnType)
    {
        var isList = columnType.EndsWith("[]", StringComparison.Ordinal);
        if (!Names.TryGetValue(isList ? columnType[..^2] : columnType, out var name)) return null;
        if (reader.GetType().Assembly.GetType(name) is not { } type) return null;
        var read = ReadMethod.MakeGenericMethod(isList ? type.MakeArrayType() : type).CreateDelegate<Func<DbDataReader, int, object?>>();
        if (name != Interval) return read;
        if (IntervalOf(type) is not { } toText) return null;
        return isList
            ? (row, column) => read(row, column) is Array list ? list.Cast<object>().Select(toText).ToList() : null
            : (row, column) => read(row, column) is { } value ? toText(value) : null;
    }

    private static object? Read<T>(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static Func<object, string>? IntervalOf(Type type)
    {
        if (type.GetProperty("Months") is not { } months || type.GetProperty("Days") is not { } days) return null;
        if (type.GetProperty("Time") is not { } time) return null;
        var boxed = Expression.Parameter(typeof(object));
        var value = Expression.Unbox(boxed, type);
        var iso = typeof(IntervalText).GetMethod(nameof(IntervalText.Iso), [typeof(int), typeof(int), typeof(long)])!;
        var text = Expression.Call(
            iso, Expression.Property(value, months), Expression.Property(value, days), Expression.Property(value, time));
        return Expression.Lambda<Func<object, string>>(text, boxed).Compile();
    }
}
