/// The description of the demo API, as it is served at `/openapi.yaml` (OpenAPI 3.1).
enum OpenAPIDocument {
  static let text = """
    openapi: 3.1.0
    info:
      title: Demo shop
      version: 1.0.0
      description: Orders, users and files of a small shop, to try the gateway with.
      license: { name: Apache-2.0, identifier: Apache-2.0 }
    servers:
      - url: https://localhost:8443
    security:
      - key: []
    tags:
      - { name: orders }
      - { name: users }
      - { name: files }
      - { name: service }
    paths:
      /orders:
        get:
          operationId: listOrders
          tags: [orders]
          summary: Orders, oldest first
          parameters:
            - { $ref: "#/components/parameters/status" }
            - { $ref: "#/components/parameters/limit" }
            - { $ref: "#/components/parameters/offset" }
          responses:
            "200": { $ref: "#/components/responses/Orders" }
            "400": { $ref: "#/components/responses/Problem" }
        post:
          operationId: createOrder
          tags: [orders]
          summary: Place an order
          requestBody:
            required: true
            content:
              application/json:
                schema: { $ref: "#/components/schemas/NewOrder" }
                example: { user: 1, items: [{ product: milk-jug, quantity: 2 }] }
          responses:
            "201": { $ref: "#/components/responses/Order" }
            "400": { $ref: "#/components/responses/Problem" }
            "422": { $ref: "#/components/responses/Problem" }
      /orders/{id}:
        parameters:
          - { $ref: "#/components/parameters/id" }
        get:
          operationId: getOrder
          tags: [orders]
          summary: One order
          responses:
            "200": { $ref: "#/components/responses/Order" }
            "404": { $ref: "#/components/responses/Problem" }
        delete:
          operationId: cancelOrder
          tags: [orders]
          summary: Cancel an order that was not shipped
          responses:
            "200": { $ref: "#/components/responses/Order" }
            "404": { $ref: "#/components/responses/Problem" }
            "409": { $ref: "#/components/responses/Problem" }
      /users:
        get:
          operationId: listUsers
          tags: [users]
          summary: All users
          responses:
            "200":
              description: Users
              content:
                application/json:
                  schema:
                    type: object
                    required: [users, total]
                    properties:
                      users: { type: array, items: { $ref: "#/components/schemas/User" } }
                      total: { type: integer }
        post:
          operationId: createUser
          tags: [users]
          summary: Add a user
          requestBody:
            required: true
            content:
              application/json:
                schema: { $ref: "#/components/schemas/NewUser" }
                example: { name: Femi Adeyemi, email: femi@example.com }
          responses:
            "201": { $ref: "#/components/responses/User" }
            "400": { $ref: "#/components/responses/Problem" }
            "422": { $ref: "#/components/responses/Problem" }
      /users/{id}:
        parameters:
          - { $ref: "#/components/parameters/id" }
        get:
          operationId: getUser
          tags: [users]
          summary: One user
          responses:
            "200": { $ref: "#/components/responses/User" }
            "404": { $ref: "#/components/responses/Problem" }
      /users/{id}/orders:
        parameters:
          - { $ref: "#/components/parameters/id" }
        get:
          operationId: listOrdersOfUser
          tags: [users, orders]
          summary: The orders of one user
          parameters:
            - { $ref: "#/components/parameters/status" }
            - { $ref: "#/components/parameters/limit" }
            - { $ref: "#/components/parameters/offset" }
          responses:
            "200": { $ref: "#/components/responses/Orders" }
            "404": { $ref: "#/components/responses/Problem" }
      /files:
        get:
          operationId: listFiles
          tags: [files]
          summary: Names and sizes of all files
          responses:
            "200":
              description: Files
              content:
                application/json:
                  schema:
                    type: object
                    required: [files, total]
                    properties:
                      files: { type: array, items: { $ref: "#/components/schemas/File" } }
                      total: { type: integer }
      /files/{name}:
        parameters:
          - name: name
            in: path
            required: true
            schema: { type: string, pattern: "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$" }
        get:
          operationId: getFile
          tags: [files]
          summary: The content of a file
          responses:
            "200":
              description: The content
              content:
                application/octet-stream: {}
                application/json: {}
                image/jpeg: {}
                image/png: {}
                text/plain: {}
            "404": { $ref: "#/components/responses/Problem" }
        put:
          operationId: putFile
          tags: [files]
          summary: Upload a file of 256 KiB at most
          requestBody:
            required: true
            content:
              "*/*": {}
          responses:
            "200": { $ref: "#/components/responses/File" }
            "201": { $ref: "#/components/responses/File" }
            "413": { $ref: "#/components/responses/Problem" }
        delete:
          operationId: deleteFile
          tags: [files]
          summary: Delete a file
          responses:
            "204": { description: It is gone }
            "404": { $ref: "#/components/responses/Problem" }
      /health:
        get:
          operationId: getHealth
          tags: [service]
          summary: Whether the service is up
          security: []
          responses:
            "200":
              description: It is
              content:
                application/json:
                  schema:
                    type: object
                    required: [status]
                    properties:
                      status: { const: up }
      /openapi.yaml:
        get:
          operationId: getDescription
          tags: [service]
          summary: This document
          security: []
          responses:
            "200": { description: The document, content: { application/yaml: {} } }
    components:
      securitySchemes:
        key: { type: apiKey, in: header, name: X-API-Key }
      parameters:
        id:
          name: id
          in: path
          required: true
          schema: { type: integer, minimum: 1 }
        limit:
          name: limit
          in: query
          schema: { type: integer, minimum: 1, maximum: 100, default: 20 }
        offset:
          name: offset
          in: query
          schema: { type: integer, minimum: 0, maximum: 1000000, default: 0 }
        status:
          name: status
          in: query
          schema: { $ref: "#/components/schemas/Status" }
      responses:
        Order:
          description: An order
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Order" }
        Orders:
          description: Orders, and how many there are in all
          content:
            application/json:
              schema:
                type: object
                required: [orders, total]
                properties:
                  orders: { type: array, items: { $ref: "#/components/schemas/Order" } }
                  total: { type: integer }
        User:
          description: A user
          content:
            application/json:
              schema: { $ref: "#/components/schemas/User" }
        File:
          description: A file
          content:
            application/json:
              schema: { $ref: "#/components/schemas/File" }
        Problem:
          description: Why not, by RFC 9457
          content:
            application/problem+json:
              schema:
                type: object
                required: [type, title, status]
                properties:
                  type: { type: string }
                  title: { type: string }
                  status: { type: integer }
                  detail: { type: string }
      schemas:
        Status: { type: string, enum: [open, paid, shipped, cancelled] }
        Product:
          type: string
          enum:
            - espresso-machine
            - coffee-grinder
            - house-blend-1kg
            - single-origin-250g
            - milk-jug
            - tamper
            - paper-filters
            - travel-mug
        NewOrder:
          type: object
          required: [user, items]
          additionalProperties: false
          properties:
            user: { type: integer, minimum: 1 }
            items:
              type: array
              minItems: 1
              maxItems: 20
              items:
                type: object
                required: [product, quantity]
                additionalProperties: false
                properties:
                  product: { $ref: "#/components/schemas/Product" }
                  quantity: { type: integer, minimum: 1, maximum: 100 }
        Order:
          type: object
          required: [id, user, status, items, totalCents, currency]
          properties:
            id: { type: integer }
            user: { type: integer }
            status: { $ref: "#/components/schemas/Status" }
            items:
              type: array
              items:
                type: object
                required: [product, quantity, unitPriceCents]
                properties:
                  product: { $ref: "#/components/schemas/Product" }
                  quantity: { type: integer }
                  unitPriceCents: { type: integer }
            totalCents: { type: integer }
            currency: { const: EUR }
        NewUser:
          type: object
          required: [name, email]
          additionalProperties: false
          properties:
            name: { type: string, minLength: 1, maxLength: 100 }
            email: { type: string, format: email, maxLength: 200 }
        User:
          type: object
          required: [id, name, email]
          properties:
            id: { type: integer }
            name: { type: string }
            email: { type: string, format: email }
        File:
          type: object
          required: [name, contentType, sizeBytes]
          properties:
            name: { type: string }
            contentType: { type: string }
            sizeBytes: { type: integer }

    """
}
