### Exhibits
