using System.Linq.Expressions;
using System.Reflection;
using Dlt.Batches.Building;
using Dlt.Items;

namespace Dlt.Sources.Cursors;

/// <summary>Creates functions that read the cursor value of objects of a type.</summary>
internal static class FieldSamples
{
    private static readonly MethodInfo OfAny = Method(nameof(CursorSample.OfObject), typeof(object));

    /// <summary>Returns a function that reads a field of objects of exactly this type, without boxing its value.</summary>
    /// <param name="field">Name of the field in JSON.</param>
    /// <param name="fields">Reads the entries of dictionaries.</param>
    public static Func<T, CursorSample> Of<T>(string field, ObjectFields fields)
    {
        if (DictionaryBatches.Suits(typeof(T)))
            return item => fields.TryGet(item, field, out var sample) ? sample : CursorSample.Of(ItemWriter.ToJson(item)?[field]);
        var property = PlainProperties.Of(typeof(T), ItemWriter.Options)?.Find(p => p.Name == field);
        if (property?.AttributeProvider is not PropertyInfo member) return _ => default;
        var owner = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, CursorSample>>(SampleOf(Expression.Property(owner, member)), owner).Compile();
    }

    /// <summary>
    /// Returns whether a batch gives the values of objects of a type exactly as their JSON does. Decimals get the scale of their column
    /// there, so types with decimals, and those with values of unknown types, do not.
    /// </summary>
    public static bool HasExactColumns(Type type) =>
        PlainProperties.Of(type, ItemWriter.Options) is { } properties && properties.TrueForAll(p => IsExact(p.PropertyType));

    private static bool IsExact(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? IsExact(inner)
        : (type.IsPrimitive && type != typeof(char)) || type.IsEnum || type == typeof(string) || type == typeof(Guid)
            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly);

    private static Expression SampleOf(Expression value)
    {
        if (Nullable.GetUnderlyingType(value.Type) is { } inner && Reader(inner) is not null)
        {
            return Expression.Condition(
                Expression.Property(value, nameof(Nullable<int>.HasValue)),
                SampleOf(Expression.Property(value, nameof(Nullable<int>.Value))),
                Expression.Default(typeof(CursorSample)));
        }

        if (Reader(value.Type) is not { } reader) return Expression.Call(OfAny, Expression.Convert(value, typeof(object)));
        var parameter = reader.GetParameters()[0].ParameterType;
        return Expression.Call(reader, value.Type == parameter ? value : Expression.Convert(value, parameter));
    }

    private static MethodInfo? Reader(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 =>
            Method(nameof(CursorSample.Of), typeof(long)),
        TypeCode.String or TypeCode.DateTime => Method(nameof(CursorSample.Of), type),
        _ when type == typeof(DateTimeOffset) || type == typeof(DateOnly) => Method(nameof(CursorSample.Of), type),
        _ => null,
    };

    private static MethodInfo Method(string name, Type parameter) => typeof(CursorSample).GetMethod(name, [parameter])!;
}
