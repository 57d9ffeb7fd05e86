using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Dlt.Sources;

/// <summary>
/// Reads simple settings, and lists and dictionaries of them, from JSON without reflection, which file-based apps (<c>dotnet run x.cs</c>)
/// and programs compiled ahead of time disable.
/// </summary>
internal sealed class SettingTypes : IJsonTypeInfoResolver
{
    private readonly Dictionary<Type, Func<JsonSerializerOptions, JsonTypeInfo>> _types = [];

    public SettingTypes()
    {
        Add(JsonMetadataServices.StringConverter);
        Add(JsonMetadataServices.UriConverter);
        Add(JsonMetadataServices.VersionConverter);
        AddValue(JsonMetadataServices.BooleanConverter);
        AddValue(JsonMetadataServices.CharConverter);
        AddValue(JsonMetadataServices.GuidConverter);
        AddValue(JsonMetadataServices.DecimalConverter);
        AddValue(JsonMetadataServices.DoubleConverter);
        AddValue(JsonMetadataServices.SingleConverter);
        AddValue(JsonMetadataServices.HalfConverter);
        AddValue(JsonMetadataServices.SByteConverter);
        AddValue(JsonMetadataServices.ByteConverter);
        AddValue(JsonMetadataServices.Int16Converter);
        AddValue(JsonMetadataServices.UInt16Converter);
        AddValue(JsonMetadataServices.Int32Converter);
        AddValue(JsonMetadataServices.UInt32Converter);
        AddValue(JsonMetadataServices.Int64Converter);
        AddValue(JsonMetadataServices.UInt64Converter);
        AddValue(JsonMetadataServices.Int128Converter);
        AddValue(JsonMetadataServices.UInt128Converter);
        AddValue(JsonMetadataServices.DateTimeOffsetConverter);
        AddValue(JsonMetadataServices.DateTimeConverter);
        AddValue(JsonMetadataServices.DateOnlyConverter);
        AddValue(JsonMetadataServices.TimeOnlyConverter);
        AddValue(JsonMetadataServices.TimeSpanConverter);
        Single(JsonMetadataServices.ByteArrayConverter!);
    }

    /// <summary>Returns the contract of a type.</summary>
    /// <returns>Null for a type that is neither simple nor a list or dictionary of simple types.</returns>
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
        _types.TryGetValue(type, out var make) ? make(options) : null;

    private void AddValue<T>(JsonConverter<T> converter) where T : struct
    {
        Add(converter);
        _types[typeof(T?)] = options =>
            JsonMetadataServices.CreateValueInfo<T?>(options, JsonMetadataServices.GetNullableConverter<T>(options));
        Lists<T?>();
    }

    private void Add<T>(JsonConverter<T?> converter)
    {
        Single(converter!);
        Lists<T>();
        _types[typeof(List<List<T>>)] = options =>
            JsonMetadataServices.CreateListInfo<List<List<T>>, List<T>>(options, new() { ObjectCreator = () => [] });
        Dictionaries<List<T>>();
        Dictionaries<T[]>();
    }

    private void Single<T>(JsonConverter<T> converter) => _types[typeof(T)] = options =>
        JsonMetadataServices.CreateValueInfo<T>(options, converter);

    private void Lists<T>()
    {
        _types[typeof(T[])] = options => JsonMetadataServices.CreateArrayInfo<T>(options, new());
        _types[typeof(List<T>)] = options => JsonMetadataServices.CreateListInfo<List<T>, T>(options, new() { ObjectCreator = () => [] });
        _types[typeof(IList<T>)] = options =>
            JsonMetadataServices.CreateIListInfo<IList<T>, T>(options, new() { ObjectCreator = () => new List<T>() });
        _types[typeof(ICollection<T>)] = options =>
            JsonMetadataServices.CreateICollectionInfo<ICollection<T>, T>(options, new() { ObjectCreator = () => new List<T>() });
        _types[typeof(IEnumerable<T>)] = options => JsonMetadataServices.CreateIEnumerableInfo<IEnumerable<T>, T>(options, new());
        _types[typeof(IReadOnlyList<T>)] = options => JsonMetadataServices.CreateIEnumerableInfo<IReadOnlyList<T>, T>(options, new());
        _types[typeof(IReadOnlyCollection<T>)] = options =>
            JsonMetadataServices.CreateIEnumerableInfo<IReadOnlyCollection<T>, T>(options, new());
        _types[typeof(HashSet<T>)] = options =>
            JsonMetadataServices.CreateISetInfo<HashSet<T>, T>(options, new() { ObjectCreator = () => [] });
        Dictionaries<T>();
    }

    private void Dictionaries<T>()
    {
        _types[typeof(Dictionary<string, T>)] = options =>
            JsonMetadataServices.CreateDictionaryInfo<Dictionary<string, T>, string, T>(options, new() { ObjectCreator = () => [] });
        _types[typeof(IDictionary<string, T>)] = options => JsonMetadataServices.CreateIDictionaryInfo<IDictionary<string, T>, string, T>(
            options, new() { ObjectCreator = () => new Dictionary<string, T>() });
        _types[typeof(IReadOnlyDictionary<string, T>)] = options =>
            JsonMetadataServices.CreateIReadOnlyDictionaryInfo<IReadOnlyDictionary<string, T>, string, T>(options, new());
    }
}
