using System.Collections.Frozen;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;

namespace Dlt.Sources.Sql;

/// <summary>
/// Reads types of a provider that contain more than its default .NET values: Npgsql returns <c>inet</c> without its mask, and an
/// <c>interval</c> only if it has no months. The types are found by name in the provider's assembly, so no provider is required.
/// </summary>
internal static class ProviderTypes
{
    private const string Interval = "NpgsqlTypes.NpgsqlInterval";

    /// <summary>Provider types by the type of the column.</summary>
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["inet"] = "NpgsqlTypes.NpgsqlInet",
        ["interval"] = Interval,
    }.ToFrozenDictionary();

    private static readonly MethodInfo ReadMethod = typeof(ProviderTypes)
        .GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Returns a function that reads a value of a column; null when the provider's default value is sufficient.</summary>
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
