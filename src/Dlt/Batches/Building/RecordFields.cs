using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dlt.Extract;

namespace Dlt.Batches.Building;

/// <summary>
/// Finds out whether the objects of a type can be written as columns: scalars, dictionaries, nested objects and lists of those, by the
/// names that they have in JSON.
/// </summary>
internal static class RecordFields
{
    private static readonly MethodInfo ScalarMethod = Method(nameof(Scalar));
    private static readonly MethodInfo NullableMethod = Method(nameof(Nullable));
    private static readonly MethodInfo StructMethod = Method(nameof(Struct));
    private static readonly MethodInfo ListMethod = Method(nameof(List));
    private static readonly MethodInfo AnyMethod = Method(nameof(Any));
    private static readonly MethodInfo EnumMethod = Method(nameof(EnumName));

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

    /// <summary>The writers of a type's properties.</summary>
    /// <param name="options">They say which properties an item has.</param>
    /// <returns>Null when the type has anything that columns do not hold, or attributes that only the JSON serializer honours.</returns>
    public static List<FieldWriter<T>>? TryCreate<T>(JsonSerializerOptions options) => TryCreate<T>(options, []);

    private static List<FieldWriter<T>>? TryCreate<T>(JsonSerializerOptions options, HashSet<Type> around)
    {
        if (typeof(T).IsInterface || typeof(T) == typeof(object) || !around.Add(typeof(T))) return null;
        try
        {
            if (PlainProperties.Of(typeof(T), options) is not { } properties) return null;
            var writers = new List<FieldWriter<T>>();
            foreach (var property in properties)
            {
                if (property.AttributeProvider is not PropertyInfo { GetMethod.IsPublic: true } member
                    || TryCreate<T>(property.Name, member, options, around) is not { } writer) return null;
                writers.Add(writer);
            }

            return writers.Count == 0 ? null : writers;
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            return null;   // the serializer says why, when it gets an item
        }
        finally
        {
            around.Remove(typeof(T));
        }
    }

    private static FieldWriter<T>? TryCreate<T>(string name, PropertyInfo member, JsonSerializerOptions options, HashSet<Type> around)
    {
        var owner = Expression.Parameter(typeof(T));
        var get = Expression.Lambda(
            typeof(Func<,>).MakeGenericType(typeof(T), member.PropertyType), Expression.Property(owner, member), owner).Compile();
        return Field<T>(name, member.PropertyType, get, options, around);
    }

    private static FieldWriter<T>? Field<T>(string name, Type type, Delegate get, JsonSerializerOptions options, HashSet<Type> around)
    {
        if (WriterOf(type) is { } write) return Make<T>(ScalarMethod, [typeof(T), type], name, get, write);
        if (type == typeof(object) || DictionaryBatches.Suits(type) || type.IsAssignableTo(typeof(System.Collections.IDictionary)))
            return Make<T>(AnyMethod, [typeof(T)], name, get);
        if (ElementOf(type) is { } element) return Make<T>(ListMethod, [typeof(T), element], name, get, options, around);
        return type.IsClass && options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object
            ? Make<T>(StructMethod, [typeof(T), type], name, get, options, around)
            : null;
    }

    private static FieldWriter<T>? Make<T>(MethodInfo method, Type[] types, params object[] arguments) =>
        (FieldWriter<T>?)method.MakeGenericMethod(types).Invoke(null, arguments);

    private static Delegate? WriterOf(Type type)
    {
        if (Writers.TryGetValue(type, out var writer)) return writer;
        if (type.IsEnum) return (Delegate)EnumMethod.MakeGenericMethod(type).Invoke(null, [])!;
        return System.Nullable.GetUnderlyingType(type) is { } value && WriterOf(value) is { } inner
            ? (Delegate)NullableMethod.MakeGenericMethod(value).Invoke(null, [inner])!
            : null;
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray) return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        var lists = type.GetInterfaces().Append(type).Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .ToList();
        return lists.Count == 1 && type.IsGenericType && !type.GetInterfaces().Append(type).Any(IsDictionary)
            ? lists[0].GetGenericArguments()[0]
            : null;
    }

    private static bool IsDictionary(Type type) => type == typeof(System.Collections.IDictionary)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
        || type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)));

    private static bool Null(ValueColumn column)
    {
        column.AppendNull();
        return true;
    }

    private static MethodInfo Method(string name) => typeof(RecordFields).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static ScalarWriter<TOwner, TValue> Scalar<TOwner, TValue>(
        string name, Func<TOwner, TValue> get, Func<ValueColumn, TValue, bool> write) => new(name, get, write);

    private static AnyFieldWriter<TOwner> Any<TOwner>(string name, Func<TOwner, object?> get) => new(name, get);

    private static Func<ValueColumn, TValue?, bool> Nullable<TValue>(Func<ValueColumn, TValue, bool> write)
        where TValue : struct => (column, value) => value is { } known ? write(column, known) : Null(column);

    private static Func<ValueColumn, TEnum, bool> EnumName<TEnum>()
        where TEnum : struct, Enum
    {
        var names = new Dictionary<TEnum, string>();
        return (column, value) =>
        {
            if (!names.TryGetValue(value, out var name)) names[value] = name = value.ToString();
            return char.IsLetter(name[0]) && column.TryAppend(name);   // one without name is a number in JSON
        };
    }

    [SuppressMessage("Style", "IDE0051:Remove unused private members", Justification = "Called by reflection.")]
    private static StructWriter<TOwner, TNested>? Struct<TOwner, TNested>(
        string name, Func<TOwner, TNested?> get, JsonSerializerOptions options, HashSet<Type> around)
        where TNested : class => TryCreate<TNested>(options, around) is { } fields ? new(name, get, fields) : null;

    private static ListWriter<TOwner, TElement>? List<TOwner, TElement>(
        string name, Func<TOwner, IEnumerable<TElement>?> get, JsonSerializerOptions options, HashSet<Type> around) =>
        Field<TElement>("item", typeof(TElement), (Func<TElement, TElement>)(e => e), options, around) is { } elements
            ? new(name, get, elements)
            : null;
}
