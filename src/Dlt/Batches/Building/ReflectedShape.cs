using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dlt.Extract;

namespace Dlt.Batches.Building;

/// <summary>
/// The shape of a type by reflection. A type has one if its properties are scalars, dictionaries, objects and lists of those, and have no
/// attributes that only the JSON serializer honours (<see cref="PlainProperties"/>).
/// </summary>
/// <param name="columns">Make the columns.</param>
internal sealed class ReflectedShape<T>(IReadOnlyList<Func<FieldWriter<T>>> columns) : IRecordShape<T>
{
    /// <summary>The shape of the type; null when it has anything that columns do not hold.</summary>
    public static IRecordShape<T>? Instance { get; } =
        ReflectedColumns.TryCreate<T>(ItemWriter.Options, []) is { } columns ? new ReflectedShape<T>(columns) : null;

    public List<FieldWriter<T>> NewColumns() => [.. columns.Select(make => make())];
}

/// <summary>Makes the columns of types, each with the getter of a property, which is compiled once.</summary>
file static class ReflectedColumns
{
    private static readonly MethodInfo ScalarMethod = Method(nameof(Scalar));
    private static readonly MethodInfo StructMethod = Method(nameof(Struct));
    private static readonly MethodInfo ListMethod = Method(nameof(List));
    private static readonly MethodInfo AnyMethod = Method(nameof(Any));

    /// <param name="options">They say which properties an item has.</param>
    /// <param name="around">The types around this one: a type that holds itself has no columns.</param>
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
                if (property.AttributeProvider is not PropertyInfo { GetMethod.IsPublic: true } member
                    || OfProperty<T>(property.Name, member, options, around) is not { } column) return null;
                columns.Add(column);
            }

            return columns.Count == 0 ? null : columns;
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

    private static Func<FieldWriter<T>>? OfProperty<T>(
        string name, PropertyInfo member, JsonSerializerOptions options, HashSet<Type> around)
    {
        var owner = Expression.Parameter(typeof(T));
        var get = Expression.Lambda(
            typeof(Func<,>).MakeGenericType(typeof(T), member.PropertyType), Expression.Property(owner, member), owner).Compile();
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
        var lists = type.GetInterfaces().Append(type).Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .ToList();
        return lists.Count == 1 && type.IsGenericType && !type.GetInterfaces().Append(type).Any(IsDictionary)
            ? lists[0].GetGenericArguments()[0]
            : null;
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
        where TNested : class => TryCreate<TNested>(options, around) is { } columns
            ? () => new StructWriter<TOwner, TNested>(name, get, [.. columns.Select(make => make())])
            : null;

    private static Func<FieldWriter<TOwner>>? List<TOwner, TElement>(
        string name, Func<TOwner, IEnumerable<TElement>?> get, JsonSerializerOptions options, HashSet<Type> around) =>
        Of<TElement>("item", typeof(TElement), (Func<TElement, TElement>)(e => e), options, around) is { } element
            ? () => new ListWriter<TOwner, TElement>(name, get, element())
            : null;
}
