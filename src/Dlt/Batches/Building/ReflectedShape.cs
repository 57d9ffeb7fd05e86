using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Shape of a type, found by reflection. A type has a shape if its properties are scalars, dictionaries, objects and lists of those, and
/// have no attributes that only the JSON serializer supports (<see cref="PlainProperties"/>).
/// </summary>
/// <param name="columns">Functions that create the columns.</param>
internal sealed class ReflectedShape<T>(IReadOnlyList<Func<FieldWriter<T>>> columns) : IRecordShape<T>
{
    /// <summary>Shape of the type; null when columns do not support one of its properties.</summary>
    public static IRecordShape<T>? Instance { get; } =
        ReflectedColumns.TryCreate<T>(ItemWriter.Options, []) is { } columns ? new ReflectedShape<T>(columns) : null;

    public List<FieldWriter<T>> NewColumns() => [.. columns.Select(make => make())];
}

/// <summary>Creates the columns of types. The getter of each property is compiled once.</summary>
file static class ReflectedColumns
{
    private static readonly MethodInfo ScalarMethod = Method(nameof(Scalar));
    private static readonly MethodInfo StructMethod = Method(nameof(Struct));
    private static readonly MethodInfo ListMethod = Method(nameof(List));
    private static readonly MethodInfo AnyMethod = Method(nameof(Any));

    /// <summary>Creates the functions that create the columns of a type.</summary>
    /// <param name="options">Serializer options, which determine the properties of an item.</param>
    /// <param name="around">Types around this one. A type that contains itself has no columns.</param>
    /// <returns>Null when the type has no shape.</returns>
    public static List<Func<FieldWriter<T>>>? TryCreate<T>(JsonSerializerOptions options, HashSet<Type> around)
    {
        if (typeof(T).IsInterface || typeof(T) == typeof(object) || !around.Add(typeof(T))) return null;
        try
        {
            if (PlainProperties.Of(typeof(T), options) is not { } properties) return null;
            var columns = new List<Func<FieldWriter<T>>>();
            foreach (var property in properties)
            {
                if (property.AttributeProvider is not PropertyInfo { GetMethod.IsPublic: true } member) return null;
                if (OfProperty<T>(property.Name, member, options, around) is not { } column) return null;
                columns.Add(column);
            }

            return columns.Count == 0 ? null : columns;
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            return null;   // the serializer reports the reason when it writes an item
        }
        finally
        {
            around.Remove(typeof(T));
        }
    }

    private static Func<FieldWriter<T>>? OfProperty<T>(
        string name, PropertyInfo member, JsonSerializerOptions options, HashSet<Type> around)
    {
        var owner = Expression.Parameter(typeof(T));
        var getter = typeof(Func<,>).MakeGenericType(typeof(T), member.PropertyType);
        var get = Expression.Lambda(getter, Expression.Property(owner, member), owner).Compile();
        return Of<T>(name, member.PropertyType, get, options, around);
    }

    private static Func<FieldWriter<T>>? Of<T>(string name, Type type, Delegate get, JsonSerializerOptions options, HashSet<Type> around)
    {
        if (ScalarWriters.Of(type) is not null) return Make<T>(ScalarMethod, [typeof(T), type], name, get);
        if (type == typeof(object) || DictionaryBatches.Suits(type) || type.IsAssignableTo(typeof(IDictionary)))
            return Make<T>(AnyMethod, [typeof(T)], name, get);
        if (ElementOf(type) is { } element) return Make<T>(ListMethod, [typeof(T), element], name, get, options, around);
        return type.IsClass && options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object
            ? Make<T>(StructMethod, [typeof(T), type], name, get, options, around)
            : null;
    }

    private static Func<FieldWriter<T>>? Make<T>(MethodInfo method, Type[] types, params object[] arguments) =>
        (Func<FieldWriter<T>>?)method.MakeGenericMethod(types).Invoke(null, arguments);

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray) return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        var interfaces = type.GetInterfaces().Append(type).ToList();
        var lists = interfaces.FindAll(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        var isList = lists.Count == 1 && type.IsGenericType && !interfaces.Exists(IsDictionary);
        return isList ? lists[0].GetGenericArguments()[0] : null;
    }

    private static bool IsDictionary(Type type) => type == typeof(IDictionary)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
            || type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)));

    private static MethodInfo Method(string name) =>
        typeof(ReflectedColumns).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static Func<FieldWriter<TOwner>> Scalar<TOwner, TValue>(string name, Func<TOwner, TValue> get) =>
        () => new ScalarWriter<TOwner, TValue>(name, get, (Func<ValueColumn, TValue, bool>)ScalarWriters.Of(typeof(TValue))!);

    private static Func<FieldWriter<TOwner>> Any<TOwner>(string name, Func<TOwner, object?> get) =>
        () => new AnyFieldWriter<TOwner>(name, get);

    [SuppressMessage("Style", "IDE0051:Remove unused private members", Justification = "Called by reflection.")]
    private static Func<FieldWriter<TOwner>>? Struct<TOwner, TNested>(
        string name, Func<TOwner, TNested?> get, JsonSerializerOptions options, HashSet<Type> around)
        where TNested : class
    {
        if (TryCreate<TNested>(options, around) is not { } columns) return null;
        return () => new StructWriter<TOwner, TNested>(name, get, [.. columns.Select(make => make())]);
    }

    private static Func<FieldWriter<TOwner>>? List<TOwner, TElement>(
        string name, Func<TOwner, IEnumerable<TElement>?> get, JsonSerializerOptions options, HashSet<Type> around)
    {
        Func<TElement, TElement> self = element => element;
        if (Of<TElement>("item", typeof(TElement), self, options, around) is not { } elements) return null;
        return () => new ListWriter<TOwner, TElement>(name, get, elements());
    }
}
