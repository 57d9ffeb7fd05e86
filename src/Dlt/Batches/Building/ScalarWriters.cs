using System.Net;
using System.Reflection;

namespace Dlt.Batches.Building;

/// <summary>Provides functions that write the scalars of a type into a column.</summary>
internal static class ScalarWriters
{
    private static readonly MethodInfo NullableMethod = Method(nameof(OfNullable));
    private static readonly MethodInfo EnumMethod = Method(nameof(OfEnum));

    private static readonly Dictionary<Type, Delegate> Writers = new Delegate[]
    {
        (Func<ValueColumn, string?, bool>)(static (c, v) => v is null ? Null(c) : c.TryAppend(v)),
        (Func<ValueColumn, byte[]?, bool>)(static (c, v) => v is null ? Null(c) : c.TryAppend(ValueKind.Binary, v)),
        (Func<ValueColumn, bool, bool>)ValueWriter.Write,
        (Func<ValueColumn, sbyte, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, byte, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, short, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, ushort, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, int, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, uint, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, long, bool>)(static (c, v) => c.TryAppend(ValueKind.Integer, v)),
        (Func<ValueColumn, ulong, bool>)ValueWriter.Write,
        (Func<ValueColumn, float, bool>)ValueWriter.Write,
        (Func<ValueColumn, double, bool>)(static (c, v) => c.TryAppend(v)),
        (Func<ValueColumn, decimal, bool>)(static (c, v) => c.TryAppend(v)),
        (Func<ValueColumn, char, bool>)(static (c, v) => c.TryAppend([v])),
        (Func<ValueColumn, Guid, bool>)ValueWriter.Write,
        (Func<ValueColumn, DateTime, bool>)ValueWriter.Write,
        (Func<ValueColumn, DateTimeOffset, bool>)ValueWriter.Write,
        (Func<ValueColumn, DateOnly, bool>)ValueWriter.Write,
        (Func<ValueColumn, TimeOnly, bool>)ValueWriter.Write,
        (Func<ValueColumn, TimeSpan, bool>)ValueWriter.Write,
        (Func<ValueColumn, IPAddress?, bool>)(static (c, v) => v is null ? Null(c) : c.TryAppend(v.ToString())),
        (Func<ValueColumn, Uri?, bool>)(static (c, v) => v is null ? Null(c) : c.TryAppend(v.OriginalString)),
    }.ToDictionary(w => w.GetType().GetGenericArguments()[1]);

    /// <summary>Returns a function for one column. It caches the names of an enum, so two threads must not share it.</summary>
    /// <returns>
    /// A <c>Func&lt;ValueColumn, type, bool&gt;</c> that returns false for a value that does not fit the column; null for types that are
    /// not scalars.
    /// </returns>
    public static Delegate? Of(Type type)
    {
        if (Writers.TryGetValue(type, out var writer)) return writer;
        if (type.IsEnum) return (Delegate)EnumMethod.MakeGenericMethod(type).Invoke(null, [])!;
        return Nullable.GetUnderlyingType(type) is { } value && Of(value) is { } inner
            ? (Delegate)NullableMethod.MakeGenericMethod(value).Invoke(null, [inner])!
            : null;
    }

    private static bool Null(ValueColumn column)
    {
        column.AppendNull();
        return true;
    }

    private static Func<ValueColumn, TValue?, bool> OfNullable<TValue>(Func<ValueColumn, TValue, bool> write)
        where TValue : struct => (column, value) => value is { } known ? write(column, known) : Null(column);

    private static Func<ValueColumn, TEnum, bool> OfEnum<TEnum>()
        where TEnum : struct, Enum
    {
        var names = new Dictionary<TEnum, string>();
        return (column, value) =>
        {
            if (!names.TryGetValue(value, out var name)) names[value] = name = value.ToString();
            return char.IsLetter(name[0]) && column.TryAppend(name);   // a value without a name is a number in JSON
        };
    }

    private static MethodInfo Method(string name) =>
        typeof(ScalarWriters).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
